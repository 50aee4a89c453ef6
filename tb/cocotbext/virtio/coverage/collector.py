# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Counts what the scoreboard is given, before the model is told: passive, and one dictionary entry a sample."""

import json
from collections import Counter, deque
from collections.abc import Callable
from itertools import product
from pathlib import Path

from cocotbext.virtio.bfm.endpoint_interface import EndpointInterface
from cocotbext.virtio.channel import Transfer
from cocotbext.virtio.config import EVENT_CONFIG, EndpointConfig, used_event
from cocotbext.virtio.coverage.bins import STATES
from cocotbext.virtio.model import EndpointModel
from cocotbext.virtio.model.effects import Disable, Effect, Enable, Map, Reset, StatusChange, VectorCommand
from cocotbext.virtio.model.listener import ModelListener
from cocotbext.virtio.model.register_states import StateSpan
from cocotbext.virtio.registers import CONFIG_WINDOW_OFFSET, MsiCommand, Register
from cocotbext.virtio.transactions import (
    EventAccepted,
    HardReset,
    LineLevel,
    MessageAnswered,
    MessagePresented,
    MessageStarted,
    RegisterRead,
    RegisterWrite,
    Transaction,
)

_REGISTERS = {int(register): register.name for register in Register}
_RANGES = (
    (0x10, "identity"),
    (0x30, "features"),
    (0x50, "queue"),
    (0x54, "kick"),
    (0x70, "interrupt"),
    (0x80, "status"),
    (0xAC, "queue"),
    (0xC0, "shared memory"),
    (0xE0, "msi"),
    (0xFC, "hole"),
    (0x100, "generation"),
)
_AREAS = {}
for _address in range(CONFIG_WINDOW_OFFSET):
    _AREAS[_address] = next(name for end, name in _RANGES if _address < end) if _address & ~3 in _REGISTERS else "hole"
_LANES = {
    strobe: ("no lane", "one lane", "two lanes", "three lanes", "whole")[strobe.bit_count()] for strobe in range(16)
}
_WAITS = ("0", "1", *["2 to 7"] * 6)
_SHARERS = ("none", "one event", "two events")
_RESPONSES = ("OKAY", "OKAY", "SLVERR", "DECERR")
_OFFSETS = ("same cycle", "one cycle before", "one cycle after")
_COMMANDS = {int(command): command.name for command in MsiCommand}
_SOON = 20
_STATES = dict(zip(product((False, True), repeat=3), STATES))  # configured, masked, pending

_Bin = tuple[str, ...]  # group, and the parts of its name
_Corners = tuple[tuple[str, Callable[[int], object]], ...]  # name, and whether an event of that index meets it


class Collector(ModelListener):
    """The counters of one test; those of all tests of a simulation add up.

    The order of transactions within a cycle does not matter. What a write does is asked of the model, which tells it
    to :meth:`wrote`.

    Args:
        config: the EndpointConfig.
        model: the reference model, asked for states and mappings; may be set later.
    """

    _counts: Counter[_Bin] = Counter()  # of the simulation: its tests run one after the other

    model: EndpointModel

    def __init__(self, config: EndpointConfig, model: EndpointModel | None = None) -> None:
        self._config = config
        if model is not None:
            self.model = model
        self._events: deque[tuple[int, int]] = deque(maxlen=16)  # cycle and index of the last ones
        # cycle of the last event, and its vector if that made it pending
        self._pended: tuple[int, int | None] = (-9, None)
        # of the last writes: cycle, and (name, whom it concerns) of each corner
        self._corners: deque[tuple[int, _Corners]] = deque(maxlen=8)
        self._command: tuple[int, int | None, _Bin] = (-9, 0, ())  # cycle, vector and bin of the last one of a vector
        self._told: deque[RegisterWrite] = deque(maxlen=64)  # writes that the model has not told the effect of
        self._last_reset: tuple[int, str, bool] = (-9, "", False)  # cycle, kind, and whether all was idle
        self._sharers = self._fresh_sharers()
        self._line = 0
        self._switched = (-99, "")
        self._started = self._presented = self._answered = 0
        self._writes = self._reads = 0  # accepted and not answered
        self._kick_waits = False

    def attach(self, interface: EndpointInterface) -> None:
        """Count the waiting times on every channel, and what is under way at the ports."""
        for channel in interface.channels:
            channel.add_callback(self._waited(channel.prefix))
        interface.read_monitor.on_accepted(self._read_accepted)
        interface.kick_monitor.channel.on_presented(self._kick_presented)
        interface.kick_monitor.channel.add_callback(self._kick_taken)

    def _read_accepted(self, read: RegisterRead) -> None:
        self._reads += 1

    def _kick_presented(self, transfer: Transfer) -> None:
        self._kick_waits = True

    def _kick_taken(self, transfer: Transfer) -> None:
        self._kick_waits = False

    def _waited(self, prefix: str) -> Callable[[Transfer], None]:
        counts = self._counts

        def count(transfer: Transfer) -> None:
            wait = transfer.taken - transfer.presented
            counts["wait on a channel", prefix, _WAITS[wait] if wait < 8 else "8 and more"] += 1

        return count

    @classmethod
    def publish(cls, path: Path | None) -> None:
        """Write the counts of the simulation so far to *path*, if given."""
        if path is not None:
            groups: dict[str, dict[str, int]] = {}
            for (group, *parts), number in sorted(cls._counts.items()):
                groups.setdefault(group, {})[" / ".join(parts)] = number
            path.write_text(json.dumps(groups, indent=0))

    # ------------------------------------------------------------------ transactions
    def observe(self, cycle: int, transaction: Transaction) -> None:
        """Count a transaction other than a register access."""
        if isinstance(transaction, EventAccepted):
            self._event(cycle, transaction.index)
        elif isinstance(transaction, MessageStarted):
            self._started += 1
        elif isinstance(transaction, MessagePresented):
            self._presented += 1
        elif isinstance(transaction, MessageAnswered):
            self._answered += 1
            self._counts["message answered", _RESPONSES[transaction.response]] += 1
        elif isinstance(transaction, LineLevel):
            self._line = transaction.level
        elif isinstance(transaction, HardReset):
            self._reset("aresetn", cycle)

    def _event(self, cycle: int, index: int) -> None:
        self._events.append((cycle, index))
        for written, corners in self._corners:
            self._meet(cycle, index, written, corners)
        vector = self.model.vector_of(index)
        self._pended = cycle, None if vector in self.model.pending_vectors else vector
        commanded, concerned, name = self._command
        if commanded == cycle and concerned == vector and name[-1] == "alone":
            self._counts[name] -= 1
            self._command = cycle, vector, (*name[:-1], "with event")
            self._counts[self._command[2]] += 1
        reset, kind, idle = self._last_reset
        if reset == cycle:
            self._last_reset = (-9, "", False)
            self._counts["reset", kind, "event in the same cycle"] += 1
            self._counts["reset", kind, "idle"] -= idle
        sharers = _SHARERS[self._sharers[vector]] if vector is not None and self._sharers[vector] < 3 else "more"
        self._counts["events to a vector of", "none" if vector is None else sharers, "used" if index else "config"] += 1

    def _meet(self, cycle: int, index: int, written: int, corners: _Corners) -> None:
        """Count the corners of a write that an event hits."""
        if abs(written - cycle) <= 1:
            for name, concerns in corners:
                if concerns(index):
                    self._counts["corner cycles", name, _OFFSETS[written - cycle]] += 1

    # ------------------------------------------------------------------ register accesses
    def read(self, read: RegisterRead) -> None:
        """Count a read that has been answered."""
        self._reads -= 1
        self._counts["read", self._area(read.address), "unaligned" if read.address & 3 else "aligned"] += 1
        name = _REGISTERS.get(read.address)
        if name:
            self._counts["register", "read", name] += 1

    def answered(self) -> None:
        """A write has been answered."""
        self._writes -= 1

    def write(self, write: RegisterWrite) -> None:
        """Count a write as it is accepted; the model does not know it yet."""
        address = write.address
        self._writes += 1
        self._told.append(write)
        area = self._area(address)
        self._counts["write", area, _LANES[write.strobe], "unaligned" if address & 3 else "aligned"] += 1
        name = _REGISTERS.get(address)
        if name is not None and write.strobe == 0xF:
            self._counts["register", "written", name] += 1

    def wrote(self, span: StateSpan) -> None:
        """The model says what the oldest write does that it has not told of: count that."""
        while self._told and self._told[0].accepted < span.accepted:
            self._told.popleft()  # cut off by a reset
        if not self._told or self._told[0].accepted != span.accepted:
            return
        write = self._told.popleft()
        name = _REGISTERS.get(write.address)
        if name is None or write.strobe != 0xF:
            return
        corners = getattr(self, "_" + name.lower(), self._nothing)(write.data, span)
        if corners:
            self._corners.append((write.accepted, corners))
            for cycle, index in self._events:
                self._meet(cycle, index, write.accepted, corners)

    def _area(self, address: int) -> str:
        config = self._config
        if config.notify_doorbells and address >= config.notify_base:
            distance = address - config.notify_base
            if (
                distance < 4
                or config.notify_multiplier
                and distance <= (config.num_queues - 1) * config.notify_multiplier + 3
            ):
                return "doorbell"
        if address < CONFIG_WINDOW_OFFSET:
            return _AREAS[address]
        return "device config" if address < CONFIG_WINDOW_OFFSET + config.config_bytes else "beyond"

    def _nothing(self, data: int, span: StateSpan) -> _Corners:
        return ()

    def _select(self, name: str, data: int, count: int) -> _Corners:
        low = data & (1 << max(1, (count - 1).bit_length())) - 1
        kinds = [
            data == 0 and "lowest",
            0 < data < count - 1 and "in range",
            0 < data == count - 1 and "highest",
            data == count and "first beyond",
            data > count and low < count and "alias of one in range",
            data == 0xFFFFFFFF and "all ones",
        ]
        for kind in kinds:
            if kind:
                self._counts["selector", name, kind] += 1
        return ()

    def _queue_sel(self, data: int, span: StateSpan) -> _Corners:
        return self._select("QUEUE_SEL", data, self._config.num_queues)

    def _queue_notify(self, data: int, span: StateSpan) -> _Corners:
        return self._select("QUEUE_NOTIFY", data, self._config.num_queues)

    def _msi_vec_sel(self, data: int, span: StateSpan) -> _Corners:
        return self._select("MSI_VEC_SEL", data, self._config.num_vectors)

    def _device_features_sel(self, data: int, span: StateSpan) -> _Corners:
        return self._select("DEVICE_FEATURES_SEL", data, 2)

    def _driver_features_sel(self, data: int, span: StateSpan) -> _Corners:
        return self._select("DRIVER_FEATURES_SEL", data, 2)

    def _interrupt_ack(self, data: int, span: StateSpan) -> _Corners:
        if span.state.enabled:
            return ()
        return (("InterruptACK", lambda index: data & (1 if index else 2)),)

    def _queue_ready(self, data: int, span: StateSpan) -> _Corners:
        event = used_event(span.state.queue_sel)
        return ((f"QueueReady = {int(data != 0)}", lambda index: index == event),)

    def _status(self, data: int, span: StateSpan) -> _Corners:
        match span.effect:
            case Reset():
                self._reset("Status = 0", span.accepted)
                return (("Status = 0", lambda index: True),)
            case StatusChange(starts=True):
                return (("DRIVER_OK", lambda index: True),)
        return ()

    def _msi_cmd(self, data: int, span: StateSpan) -> _Corners:
        negotiated = self.model.msi_negotiated
        code = str(data) if data < 8 else "above 7, low bits of a command" if data & 7 else "above 7"
        self._counts["command codes", code, "negotiated" if negotiated else "not"] += 1
        if not negotiated or data not in _COMMANDS:
            return ()
        name, effect, state = _COMMANDS[data], span.effect, span.state
        if data in (MsiCommand.ENABLE, MsiCommand.DISABLE):
            self._switch(name, span)
            return ((name, lambda index: True),)
        vector = state.vec_sel
        if vector < self._config.num_vectors:
            self._command_of_vector(name, vector, span)
        if data in (MsiCommand.MAP_CONFIG, MsiCommand.MAP_QUEUE):
            source = EVENT_CONFIG if data == MsiCommand.MAP_CONFIG else used_event(state.queue_sel)
            self._mapping(name, effect)
            return ((name, lambda index: index == source),)
        if not isinstance(effect, VectorCommand):
            return ()
        if data == MsiCommand.CONFIGURE and not (state.address_low or state.address_high):
            name = "CONFIGURE to 0"
        return ((name, lambda index: self.model.vector_of(index) == vector),)

    def _command_of_vector(self, name: str, vector: int, span: StateSpan) -> None:
        """Cross the command with the state of its vector before it, and with an event of it in the same cycle."""
        configured, masked, pending = self.model.vector_state(vector, span)
        if self._pended == (span.accepted, vector):
            pending = False  # this event is that of the same cycle
        concerned = any(
            cycle == span.accepted and self.model.vector_of(index, span) == vector for cycle, index in self._events
        )
        hit = (
            "command, state of its vector, event of it in the same cycle",
            name,
            _STATES[configured, masked, pending],
            "with event" if concerned else "alone",
        )
        self._counts[hit] += 1
        self._command = span.accepted, vector, hit

    def _mapping(self, name: str, effect: Effect) -> None:
        if not isinstance(effect, Map):
            self._counts["mapping commands", name, "refused"] += 1
            return
        old, new = effect.old, effect.new
        kind = (
            "to the same" if new == old else "to none" if new is None else "from none" if old is None else "to another"
        )
        self._counts["mapping commands", name, kind] += 1
        if old is not None:
            self._sharers[old] -= 1
        if new is not None:
            self._sharers[new] += 1

    def _switch(self, name: str, span: StateSpan) -> None:
        cycle = span.accepted
        match span.effect:
            case Enable():
                kind = f"ENABLE, line {'up' if self._line else 'down'}"
            case Disable():
                kind = f"DISABLE, {'vectors pending' if self.model.pending_vectors else 'nothing pending'}"
            case _:
                kind = f"{name} again"
        self._counts["mode switch", kind] += 1
        before, last = self._switched
        if cycle - before <= _SOON and last != name:
            self._counts["mode switch", f"{name} within 20 cycles of {last}"] += 1
        self._switched = cycle, name

    def _reset(self, kind: str, cycle: int) -> None:
        found = {
            "message waiting": self._started > self._presented,
            "response outstanding": self._presented > self._answered,
            "event in the same cycle": any(event_cycle == cycle for event_cycle, _ in self._events),
            "write unanswered": self._writes > (kind == "Status = 0"),  # besides this one
            "read unanswered": self._reads > 0,
            "kick waiting": self._kick_waits,
            "vector pending": bool(self.model.pending_vectors),
            "line up": bool(self._line),
        }
        for activity, there in found.items():
            if there:
                self._counts["reset", kind, activity] += 1
        idle = not any(found.values())
        if idle:
            self._counts["reset", kind, "idle"] += 1
        if not found["event in the same cycle"]:
            self._last_reset = cycle, kind, idle
        self._sharers = self._fresh_sharers()
        if kind == "aresetn":
            self._started = self._presented = self._answered = self._writes = self._reads = 0
            self._kick_waits = False
            self._events.clear()
            self._told.clear()

    def _fresh_sharers(self) -> Counter[int]:
        """How many events each vector has after reset."""
        config = self._config
        return Counter() if config.msi_sharing else Counter(range(min(config.num_vectors, config.num_queues + 1)))
