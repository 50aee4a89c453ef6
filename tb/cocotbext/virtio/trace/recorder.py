"""Writes the register accesses of a run to a trace file."""

import os
from pathlib import Path

from cocotbext.virtio.config import EVENT_CONFIG
from cocotbext.virtio.registers import CONFIG_WINDOW_OFFSET, InterruptBit, Register
from cocotbext.virtio.trace.rows import HEADER, AccessRow
from cocotbext.virtio.transactions import (
    ConfigAccess,
    EventAccepted,
    FaultReported,
    GenerationInput,
    HardReset,
    NeedsResetInput,
)

VARIABLE = "RECORD"
_EFFECT = 4  # cycles that an accepted event may take until it shows


class Recorder:
    """Passive: takes every access from the monitors, and what the device did as #! lines.

    Args:
        interface: the EndpointInterface.
    """

    _running: "Recorder | None" = None

    def __init__(self, interface):
        self._interface = interface
        self._config_known = bytearray(interface.config.config_bytes)
        self._lines: list[str] = []
        self._events: list[tuple[int, str]] = []  # cycle, line: accepted since the last of them
        interface.writes.on_accepted(self._written)
        interface.reads.on_responded(self._read)
        interface.observe(self._observed)

    @classmethod
    def attach_if_asked(cls, interface) -> None:
        """Record what happens at an EndpointInterface if $RECORD names a file. A second test of a simulation
        is recorded behind the first, as what follows a reset."""
        if os.environ.get(VARIABLE):
            before, cls._running = cls._running, cls(interface)
            if before:
                cls._running._follow(before)

    @classmethod
    def save_if_asked(cls) -> None:
        """Write what has been recorded to the file that $RECORD names: all of it or nothing."""
        if cls._running:
            cls._running.save(Path(os.environ[VARIABLE]))

    def save(self, path: Path) -> None:
        """Write the file at once when it is complete."""
        lines = [
            "# Register accesses of a simulation, and what the device did meanwhile.",
            f"# seed {os.environ.get('COCOTB_RANDOM_SEED')}, endpoint {self._interface.config.to_json()}",
            HEADER,
            *self._finished(),
        ]
        unfinished = path.with_name(path.name + ".new")
        unfinished.write_text("\n".join(lines) + "\n", encoding="utf-8")
        unfinished.replace(path)

    def _follow(self, before: "Recorder") -> None:
        """Begin with what another recorder has; the device's configuration starts anew."""
        self._lines = [*before._finished(), "#! generation 0", f"#! config 0 {bytes(len(self._config_known)).hex()}"]

    def _finished(self) -> list[str]:
        return self._lines + [line for _, line in self._events]

    def _add(self, line: str) -> None:
        self._lines += [line for _, line in self._events]
        self._events.clear()
        self._lines.append(line)

    def _written(self, write) -> None:
        full = write.strobe == 0xF
        for offset, size, lane in [(write.address, 4, 0)] if full else _lanes(write.strobe):
            if not full:
                offset += write.address & ~3
            value = write.data >> 8 * lane & (1 << 8 * size) - 1
            self._add(str(AccessRow(0, True, offset, size, value)))

    def _read(self, read) -> None:
        line = str(AccessRow(0, False, read.address, 4, read.data))
        if read.address >= CONFIG_WINDOW_OFFSET:
            self._config_changes()
        if read.address == Register.INTERRUPT_STATUS:
            # Events of the last cycles: what was read tells on which side of the read they belong.
            late = [
                (cycle, event)
                for cycle, event in self._events
                if cycle >= read.accepted - _EFFECT and not _shows(event, read.data)
            ]
            self._events = [entry for entry in self._events if entry not in late]
            self._add(line)
            self._events = late
        else:
            self._add(line)

    def _config_changes(self) -> None:
        """The device's own changes of its configuration since the last read."""
        data = self._interface.device_config.data
        if data != self._config_known:
            different = [offset for offset, (old, new) in enumerate(zip(self._config_known, data)) if old != new]
            first, last = different[0], different[-1] + 1
            self._config_known[first:last] = data[first:last]
            self._add(f"#! config {first} {data[first:last].hex()}")

    def _observed(self, observation) -> None:
        if isinstance(observation, EventAccepted):
            self._events.append((observation.cycle, f"#! event {observation.index}"))
        elif isinstance(observation, FaultReported) or isinstance(observation, NeedsResetInput) and observation.level:
            self._add("#! needs_reset")
        elif isinstance(observation, GenerationInput):
            self._add(f"#! generation {observation.value}")
        elif isinstance(observation, HardReset):
            self._add("#! reset")
        elif isinstance(observation, ConfigAccess) and observation.strobe:
            for lane in range(4):
                if observation.strobe >> lane & 1 and observation.address + lane < len(self._config_known):
                    self._config_known[observation.address + lane] = observation.data >> 8 * lane & 0xFF


def _shows(event: str, status: int) -> bool:
    """Whether InterruptStatus shows an event."""
    bit = InterruptBit.CONFIG_CHANGE if event == f"#! event {EVENT_CONFIG}" else InterruptBit.USED_BUFFER
    return bool(status & bit)


def _lanes(strobe: int) -> list[tuple[int, int, int]]:
    """A narrow write as aligned ones: (byte offset, bytes, lane) each."""
    halves = {0b0011: [(0, 2, 0)], 0b1100: [(2, 2, 2)]}
    return halves.get(strobe) or [(lane, 1, lane) for lane in range(4) if strobe >> lane & 1]
