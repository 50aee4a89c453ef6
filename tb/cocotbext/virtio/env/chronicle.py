"""The whole run in a file, for programs that look at it afterwards: what the monitors saw and what the model made of
it."""

import dataclasses
import json
import os
from pathlib import Path
from typing import TextIO

import cocotb
from cocotbext.virtio.model.journal import Journal
from cocotbext.virtio.model.vectors import Setup

VARIABLE = "CHRONICLE"


class Chronicle(Journal):
    """Passive; written only when $CHRONICLE names a file: one JSON object a line, at once, so that a run that is
    killed leaves what it has done. All times are cycles. A second test of a simulation follows the first.

    Each object has a "kind":

    ==============  ==================================================================================
    Run             begins a test: "seed", "simulator", "config", and for cycle n the time in ns,
                    "first_edge_ns" + (n - 1) * "period_ns"
    name of a       class of cocotbext.virtio.transactions, with its fields. A RegisterWrite is written when it is
                    accepted, so that "responded" is -1; WriteAnswered, "cycle", answers the oldest one
    Effect          of the write accepted in "cycle": "effect" names a class of cocotbext.virtio.model.effects, with
                    its fields in "details"
    Mode            from the write accepted in "cycle" on: "enabled" (MSI), "driver_ok"
    SetUp           the same of "vector": "masked", "address" and "data" (null: not configured)
    Pending         from "cycle" on "vector" is pending: "no", "yes" or "maybe", as far as one can know
    Shown           the same of the bit of InterruptStatus for the kind "event": "shown"
    Raised          an event that the endpoint itself raises, in "cycle"
    Attributed      the message presented in "presented" is of one of "vectors"
    Delivered       the event of "cycle" and "event" (its model kind) by the message "presented"
    Ended           the event of "cycle" and "event" ended without one in cycle "at": "how"
    Failed          the scoreboard found in "cycle" that "rule" is broken: "text"
    Finished        the scoreboard closed the books in "cycle"
    ==============  ==================================================================================
    """

    def __init__(self, file: TextIO, config, clocking):
        self._file = file
        self._mode = (False, False)
        first, second = clocking.time_of(1), clocking.time_of(2)
        self._write(
            "Run",
            seed=os.environ.get("COCOTB_RANDOM_SEED"),
            simulator=cocotb.SIM_NAME,
            config=dataclasses.asdict(config),
            first_edge_ns=first,
            period_ns=second - first,
        )

    @classmethod
    def if_asked(cls, config, clocking) -> "Chronicle | None":
        """The chronicle of a test, if $CHRONICLE names a file."""
        path = os.environ.get(VARIABLE)
        return cls(Path(path).open("a", buffering=1, encoding="utf-8"), config, clocking) if path else None

    def _write(self, kind: str, **fields) -> None:
        self._file.write(json.dumps({"kind": kind, **fields}, separators=(",", ":")) + "\n")

    # ------------------------------------------------------------------ what the scoreboard passes on
    def observed(self, observation) -> None:
        """An observation was made."""
        self._write(type(observation).__name__, **vars(observation))

    def write_answered(self, write) -> None:
        """The response of a register write was first seen."""
        self._write("WriteAnswered", cycle=write.responded)

    def failed(self, cycle: int, rule: str, text: str) -> None:
        """The design and the model disagree."""
        self._write("Failed", cycle=cycle, rule=rule, text=text)

    def finished(self, cycle: int) -> None:
        """The books are closed."""
        self._write("Finished", cycle=cycle)

    # ------------------------------------------------------------------ what the model finds out
    def wrote(self, slot) -> None:
        details = dataclasses.asdict(slot.effect)
        if details or type(slot.effect).__name__ != "Nothing":
            self._write("Effect", cycle=slot.accepted, effect=type(slot.effect).__name__, details=details)
        mode = (slot.state.enabled, slot.state.driver_ok)
        if mode != self._mode:
            self._mode = mode
            self._write("Mode", cycle=slot.accepted, enabled=mode[0], driver_ok=mode[1])

    def set_up(self, cycle: int, vector: int, setup: Setup) -> None:
        address, data = setup.pair or (None, None)
        self._write("SetUp", cycle=cycle, vector=vector, masked=setup.masked, address=address, data=data)

    def pending(self, cycle: int, vector: int, value) -> None:
        self._write("Pending", cycle=cycle, vector=vector, pending=value.name.lower())

    def shown(self, cycle: int, kind, value) -> None:
        self._write("Shown", cycle=cycle, event=kind.name, shown=value.name.lower())

    def raised(self, cycle: int, kind) -> None:
        self._write("Raised", cycle=cycle, event=kind.name)

    def message(self, presented: int, vectors: list[int]) -> None:
        self._write("Attributed", presented=presented, vectors=vectors)

    def delivered(self, cycle: int, kind, vector: int, presented: int) -> None:
        self._write("Delivered", cycle=cycle, event=kind.name, vector=vector, presented=presented)

    def ended(self, cycle: int, kind, how: str, at: int) -> None:
        self._write("Ended", cycle=cycle, event=kind.name, how=how, at=at)
