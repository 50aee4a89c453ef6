# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""From the lines of a run_log (tb/cocotbext/virtio/scoreboard/run_log.py) to what the page draws."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from cocotbext.virtio.config import EVENT_CONFIG, EndpointConfig

from sim.debug.timeline.names import access_text
from sim.debug.timeline.rings import Rings, build_rings


class RunLogError(ValueError):
    """A file is no run log; the text is one line with file, line and what is wrong."""


def read(path: Path) -> list[dict]:
    """The lines of the last test in a run log. A last line that was cut short, when the run was killed, is left out.

    Raises:
        RunLogError: it cannot be read, or a line is wrong.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    except (OSError, UnicodeDecodeError) as error:
        raise RunLogError(f"{path}: cannot be read: {error}") from None
    records: list[dict] = []
    for number, line in enumerate(lines, 1):
        try:
            record = json.loads(line)
            if not isinstance(record, dict) or "kind" not in record:
                raise ValueError("no object with a 'kind'")
        except ValueError as error:
            if number == len(lines) and not line.endswith("\n"):
                break
            raise RunLogError(f"{path}:{number}: {error}") from None
        if record["kind"] == "Run":
            records = []
        records.append(record)
    if not records or records[0]["kind"] != "Run":
        raise RunLogError(f"{path}: no line of kind 'Run' in it: no test got so far")
    return records


@dataclass
class TimelineData:
    """One run, ready to be drawn. All times are cycles; an index of -1 or a None stands for "none".

    Attributes:
        config: the endpoint's parameters.
        seed: of the run.
        first_edge_ns, period_ns: the time of cycle n is ``first_edge_ns + (n - 1) * period_ns``.
        accesses: {"cycle", "answered", "write", "text", "effect", "vectors", "queues"}, by cycle.
        events: {"cycle", "source", "how", "at", "vector", "message", "access"}: `source` is the event's index, `how`
            one of "delivered", "line_acknowledged", "converted", "dropped_queue", "dropped_no_vector", "wiped", "open";
            `message` and `access` are indices of what served or ended it.
        messages: {"cycle", "taken", "answered", "vectors", "address", "data", "response", "events"}.
        masks, pendings: {"vector", "from", "to", "certain"}.
        shown: {"kind", "from", "to", "certain"} of the bits of InterruptStatus.
        modes: {"from", "to", "mode"}: "off" before DRIVER_OK, "line" or "message".
        line: {"from", "to"} while irq is high.
        kicks: {"cycle", "queue", "data"}.
        resets: {"cycle", "hard"}.
        faults: {"cycle", "vector"}.
        rings: what a bench with rings has seen of them; each of its notifications has the index of its "message", too.
        failure: {"cycle", "rule", "text", "access"} or None; `access` is the index of the read that failed, or -1.
        end: the last cycle.
    """

    config: dict
    seed: str
    simulator: str
    first_edge_ns: float
    period_ns: float
    accesses: list[dict] = field(default_factory=list)
    events: list[dict] = field(default_factory=list)
    messages: list[dict] = field(default_factory=list)
    masks: list[dict] = field(default_factory=list)
    pendings: list[dict] = field(default_factory=list)
    shown: list[dict] = field(default_factory=list)
    modes: list[dict] = field(default_factory=list)
    line: list[dict] = field(default_factory=list)
    kicks: list[dict] = field(default_factory=list)
    resets: list[dict] = field(default_factory=list)
    faults: list[dict] = field(default_factory=list)
    rings: Rings = field(default_factory=Rings)
    failure: dict | None = None
    end: int = 0


def build(records: list[dict]) -> TimelineData:
    """The timeline of one test; `records` begin with its "Run"."""
    return _Builder(records[0]).build(records[1:])


class _Spans:
    """Spans of one kind: opened, and closed at the next change or at the end."""

    def __init__(self, into: list[dict]) -> None:
        self._into = into
        self._open: dict = {}

    def change(self, key: object, cycle: int, span: dict | None) -> None:
        """From `cycle` on it is `span`, or nothing."""
        before = self._open.pop(key, None)
        if before and span is not None and {**before, "from": 0} == {**span, "from": 0}:
            self._open[key] = before
            return
        if before and cycle > before["from"]:
            self._into.append({**before, "to": cycle})
        if span is not None:
            self._open[key] = {**span, "from": cycle}

    def end(self, cycle: int) -> None:
        """Everything that is open ends."""
        for key in list(self._open):
            self.change(key, cycle, None)
        self._into.sort(key=lambda span: span["from"])


class _Builder:
    def __init__(self, run: dict) -> None:
        self._config = EndpointConfig(**run["config"])
        self._data = data = TimelineData(
            run["config"], run["seed"], run["simulator"], run["first_edge_ns"], run["period_ns"]
        )
        self._unanswered: list[dict] = []
        self._effects: dict[int, dict] = {}  # cycle of the write -> Effect; one write is accepted a cycle
        self._open: dict[tuple[int, str], list[dict]] = {}
        self._on_bus: list[dict] = []
        self._in_flight: list[dict] = []
        self._by_presented: dict[int, int] = {}
        self._last = self._now = ""  # kinds of the record before and of this one
        self._masks, self._pendings = _Spans(data.masks), _Spans(data.pendings)
        self._shown, self._modes, self._line = _Spans(data.shown), _Spans(data.modes), _Spans(data.line)
        self._modes.change(0, 1, {"mode": "off"})

    def build(self, records: list[dict]) -> TimelineData:
        """Every record in turn, then what only the whole tells."""
        data = self._data
        for record in records:
            self._last, self._now = self._now, record["kind"]
            data.end = max(data.end, *(record.get(name) or 0 for name in ("cycle", "responded", "answered")))
            method = getattr(self, "_" + record["kind"], None)
            if method:
                method(record)
        for spans in (self._masks, self._pendings, self._shown, self._modes, self._line):
            spans.end(data.end + 1)
        data.events.sort(key=lambda event: event["cycle"])
        self._finish_accesses()
        self._serve()
        data.rings = build_rings(records)
        for notification in data.rings.notifications:
            found = self._by_presented.get(notification["cycle"], -1) if notification["how"] == "message" else -1
            notification["message"] = found
        if data.rings.lives and not any(record["kind"] == "Mode" for record in records):
            data.modes.clear()  # an engine alone knows of no DRIVER_OK
        return data

    # ------------------------------------------------------------------ register bus
    def _RegisterWrite(self, record: dict) -> None:
        access = {
            "cycle": record["accepted"],
            "answered": -1,
            "write": True,
            "address": record["address"],
            "data": record["data"],
            "strobe": record["strobe"],
        }
        self._data.accesses.append(access)
        self._unanswered.append(access)

    def _WriteAnswered(self, record: dict) -> None:
        if self._unanswered:
            self._unanswered.pop(0)["answered"] = record["cycle"]

    def _RegisterRead(self, record: dict) -> None:
        self._data.accesses.append(
            {
                "cycle": record["accepted"],
                "answered": record["responded"],
                "write": False,
                "address": record["address"],
                "data": record["data"],
                "strobe": 0xF,
            }
        )

    def _Effect(self, record: dict) -> None:
        self._effects[record["cycle"]] = record

    def _finish_accesses(self) -> None:
        self._data.accesses.sort(key=lambda access: access["cycle"])
        for number, access in enumerate(self._data.accesses):
            if access.pop("failed", False) and self._data.failure:
                self._data.failure["access"] = number
        for access in self._data.accesses:
            effect = self._effects.get(access["cycle"], {}) if access["write"] else {}
            text, vectors, queues = access_text(access, effect, self._config)
            access |= {"text": text, "effect": effect.get("effect"), "vectors": vectors, "queues": queues}

    # ------------------------------------------------------------------ events and what became of them
    def _EventAccepted(self, record: dict) -> None:
        self._begin(record["cycle"], "CONFIG" if record["index"] == EVENT_CONFIG else "USED", record["index"], False)

    def _Raised(self, record: dict) -> None:
        self._begin(record["cycle"], record["event"], EVENT_CONFIG, True)

    def _begin(self, cycle: int, kind: str, source: int, own: bool) -> None:
        event = {
            "cycle": cycle,
            "source": source,
            "own": own,
            "how": "open",
            "at": -1,
            "vector": None,
            "message": -1,
            "access": -1,
        }
        self._data.events.append(event)
        self._open.setdefault((cycle, kind), []).append(event)

    def _end(self, record: dict) -> dict | None:
        events = self._open.get((record["cycle"], record["event"]))
        return events.pop(0) if events else None

    def _Delivered(self, record: dict) -> None:
        if event := self._end(record):
            event |= {"how": "delivered", "at": record["presented"], "vector": record["vector"]}

    def _Ended(self, record: dict) -> None:
        if event := self._end(record):
            event |= {"how": record["how"], "at": record["at"]}

    def _serve(self) -> None:
        data = self._data
        # An access that ends events does so in the cycle of its response.
        endings = {
            access["answered"]: number
            for number, access in enumerate(data.accesses)
            if access["effect"] in ("Acknowledge", "Enable", "Disable", "Reset")
        }
        for number, event in enumerate(data.events):
            if event["how"] == "delivered":
                event["message"] = self._by_presented.get(event["at"], -1)
                if event["message"] >= 0:
                    data.messages[event["message"]]["events"].append(number)
            elif event["how"] in ("line_acknowledged", "converted", "wiped"):
                event["access"] = endings.get(event["at"], -1)

    # ------------------------------------------------------------------ messages
    def _MessageStarted(self, record: dict) -> None:
        message = {
            "cycle": record["cycle"],
            "taken": -1,
            "answered": -1,
            "vectors": [],
            "address": record["address"],
            "data": record["data"],
            "response": 0,
            "events": [],
        }
        self._by_presented[record["cycle"]] = len(self._data.messages)
        self._data.messages.append(message)
        self._on_bus.append(message)

    def _MessagePresented(self, record: dict) -> None:
        if self._on_bus:
            message = self._on_bus.pop(0)
            message |= {"taken": max(record["taken"], record["w_taken"]), "data": record["data"]}
            self._in_flight.append(message)

    def _MessageAnswered(self, record: dict) -> None:
        if self._in_flight:
            self._in_flight.pop(0).update(answered=record["cycle"], response=record["response"])

    def _Attributed(self, record: dict) -> None:
        number = self._by_presented.get(record["presented"])
        if number is not None:
            self._data.messages[number]["vectors"] = record["vectors"]

    # ------------------------------------------------------------------ state
    def _SetUp(self, record: dict) -> None:
        vector = record["vector"]
        self._masks.change(vector, record["cycle"], {"vector": vector, "certain": True} if record["masked"] else None)

    def _Pending(self, record: dict) -> None:
        vector, certain = record["vector"], record["pending"] == "yes"
        self._pendings.change(
            vector, record["cycle"], None if record["pending"] == "no" else {"vector": vector, "certain": certain}
        )

    def _Shown(self, record: dict) -> None:
        kind, certain = record["event"], record["shown"] == "yes"
        self._shown.change(
            kind, record["cycle"], None if record["shown"] == "no" else {"kind": kind, "certain": certain}
        )

    def _Mode(self, record: dict) -> None:
        mode = ("message" if record["enabled"] else "line") if record["driver_ok"] else "off"
        self._modes.change(0, record["cycle"], {"mode": mode})

    def _LineLevel(self, record: dict) -> None:
        self._line.change(0, record["cycle"], {} if record["level"] else None)

    # ------------------------------------------------------------------ the rest
    def _KickTaken(self, record: dict) -> None:
        self._data.kicks.append({"cycle": record["cycle"], "queue": record["queue"], "data": record["data"]})

    def _DeviceReset(self, record: dict) -> None:
        self._data.resets.append({"cycle": record["cycle"], "hard": False})

    def _HardReset(self, record: dict) -> None:
        cycle = record["cycle"]
        resets = self._data.resets
        if not (resets and resets[-1]["hard"] and cycle <= resets[-1]["cycle"] + 8):
            resets.append({"cycle": cycle, "hard": True})
        for spans in (self._masks, self._pendings, self._shown):
            spans.end(cycle)
        self._modes.change(0, cycle, {"mode": "off"})
        self._unanswered.clear()
        self._on_bus.clear()
        self._in_flight.clear()

    def _FaultReported(self, record: dict) -> None:
        self._data.faults.append({"cycle": record["cycle"], "vector": record["vector"]})

    def _Failed(self, record: dict) -> None:
        text = record["text"].splitlines()[0]
        self._data.failure = {"cycle": record["cycle"], "rule": record["rule"], "text": text, "access": -1}
        if self._last == "RegisterRead":  # compared at once, so the read is what failed
            self._data.accesses[-1]["failed"] = True
