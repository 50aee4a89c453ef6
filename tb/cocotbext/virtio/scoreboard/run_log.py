# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The whole run in a file, for programs that look at it afterwards: what the monitors saw and what the model made of
it."""

import dataclasses
import json
from typing import Any, TextIO

import cocotb
from cocotbext.virtio.clock_reset import ClockReset
from cocotbext.virtio.config import EndpointConfig
from cocotbext.virtio.model.causes import Kind
from cocotbext.virtio.model.driver_state import Setup
from cocotbext.virtio.model.listener import ModelListener
from cocotbext.virtio.model.register_states import StateSpan
from cocotbext.virtio.model.ternary import Ternary
from cocotbext.virtio.run_settings import RunSettings
from cocotbext.virtio.transactions import RegisterRead, RegisterWrite, Transaction


class RunLog(ModelListener):
    """Passive: one JSON object a line, at once, so that a run that is
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
    Delivered       the event of "cycle" and "event" (its model kind: Kind) by the message "presented"
    Ended           the event of "cycle" and "event" ended without one in cycle "at": "how"
    Failed          the scoreboard found in "cycle" that "rule" is broken: "text"
    Finished        the scoreboard made its end-of-test check in "cycle"
    ==============  ==================================================================================

    A bench with rings adds what a RingTrace is given, in the order in which it is given; bytes are hexadecimal text.
    ring_log.traced() makes the trace of it again, which decodes chains, wishes and what was used:

    ==============  ==================================================================================
    QueueStarted    "queue" begins to live in "cycle": "layout" is its size and the addresses of descriptor, driver and
                    device area, "features" what was accepted
    QueueStopped    "queue" has ended, all have when it is null
    DriverWrote     "data" to memory at "address"
    Kicked          the driver wrote QueueNotify: "queue", "data"
    Notified        the driver is told of "queue", or of any (null). Of a message: "address", "data" and "vector"; of an
                    engine alone, which raises an event: nothing more; of the line: nothing more, "queue" is null
    Settled         the device has done all that it is going to do
    name of a       class of cocotbext.virtio.memory_transactions, with its fields; written when it is answered
    ==============  ==================================================================================
    """

    def __init__(self, file: TextIO, config: EndpointConfig, clock: ClockReset, run: RunSettings) -> None:
        self._file = file
        self._mode = (False, False)
        first, second = clock.time_of(1), clock.time_of(2)
        self._write(
            "Run",
            seed=run.seed,
            simulator=cocotb.SIM_NAME,
            config=dataclasses.asdict(config),
            first_edge_ns=first,
            period_ns=second - first,
        )

    @classmethod
    def if_asked(cls, config: EndpointConfig, clock: ClockReset, run: RunSettings) -> "RunLog | None":
        """The run log of a test, if *run* names a file."""
        return cls(run.run_log.open("a", buffering=1, encoding="utf-8"), config, clock, run) if run.run_log else None

    def _write(self, kind: str, **fields: object) -> None:
        self._file.write(json.dumps({"kind": kind, **fields}, separators=(",", ":"), default=bytes.hex) + "\n")

    # ------------------------------------------------------------------ what the scoreboard passes on
    def observed(self, transaction: Transaction | RegisterRead | RegisterWrite) -> None:
        """A transaction was made."""
        self._write(type(transaction).__name__, **vars(transaction))

    def write_answered(self, write: RegisterWrite) -> None:
        """The response of a register write was first seen."""
        self._write("WriteAnswered", cycle=write.responded)

    def ring(self, kind: str, fields: dict[str, Any]) -> None:
        """A step of a RingTrace: its `log`."""
        self._write(kind, **fields)

    def mode(self, cycle: int, enabled: bool, driver_ok: bool) -> None:
        """How interrupts go out from *cycle* on, for a bench without a model."""
        self._write("Mode", cycle=cycle, enabled=enabled, driver_ok=driver_ok)

    def attributed(self, presented: int, vectors: list[int]) -> None:
        """The message presented in a cycle is of one of these vectors."""
        self._write("Attributed", presented=presented, vectors=vectors)

    def failed(self, cycle: int, rule: str, text: str) -> None:
        """The design and the model, or a rule of the rings, disagree."""
        self._write("Failed", cycle=cycle, rule=rule, text=text)

    def finished(self, cycle: int) -> None:
        """The end-of-test check has passed."""
        self._write("Finished", cycle=cycle)

    # ------------------------------------------------------------------ what the model finds out
    def wrote(self, span: StateSpan) -> None:
        details = dataclasses.asdict(span.effect)
        if details or type(span.effect).__name__ != "Nothing":
            self._write("Effect", cycle=span.accepted, effect=type(span.effect).__name__, details=details)
        mode = (span.state.enabled, span.state.driver_ok)
        if mode != self._mode:
            self._mode = mode
            self.mode(span.accepted, *mode)

    def set_up(self, cycle: int, vector: int, setup: Setup) -> None:
        address, data = setup.pair or (None, None)
        self._write("SetUp", cycle=cycle, vector=vector, masked=setup.masked, address=address, data=data)

    def pending(self, cycle: int, vector: int, value: Ternary) -> None:
        self._write("Pending", cycle=cycle, vector=vector, pending=str(value.name).lower())

    def shown(self, cycle: int, kind: Kind, value: Ternary) -> None:
        self._write("Shown", cycle=cycle, event=kind.name, shown=str(value.name).lower())

    def raised(self, cycle: int, kind: Kind) -> None:
        self._write("Raised", cycle=cycle, event=kind.name)

    def message(self, presented: int, vectors: list[int]) -> None:
        self.attributed(presented, vectors)

    def delivered(self, cycle: int, kind: Kind, vector: int, presented: int) -> None:
        self._write("Delivered", cycle=cycle, event=kind.name, vector=vector, presented=presented)

    def ended(self, cycle: int, kind: Kind, how: str, at: int) -> None:
        self._write("Ended", cycle=cycle, event=kind.name, how=how, at=at)
