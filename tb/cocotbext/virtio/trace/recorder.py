# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Writes the register accesses of a run to a trace file."""

from pathlib import Path

from cocotbext.virtio.bfm.endpoint_interface import EndpointInterface
from cocotbext.virtio.config import EVENT_CONFIG
from cocotbext.virtio.registers import CONFIG_WINDOW_OFFSET, InterruptBit, Register
from cocotbext.virtio.run_settings import RunSettings
from cocotbext.virtio.trace.rows import HEADER, AccessRow
from cocotbext.virtio.transactions import (
    ConfigAccess,
    EventAccepted,
    FaultReported,
    GenerationInput,
    HardReset,
    NeedsResetInput,
    RegisterRead,
    RegisterWrite,
    Transaction,
)

_EFFECT = 4  # cycles that an accepted event may take until it shows


class Recorder:
    """Passive: takes every access from the monitors, and what the device did as #! lines.

    Args:
        interface: the EndpointInterface.
        run: seed and file of the recording.
    """

    _running: "Recorder | None" = None

    def __init__(self, interface: EndpointInterface, run: RunSettings) -> None:
        self._run = run
        self._interface = interface
        self._config_known = bytearray(interface.config.config_bytes)
        self._lines: list[str] = []
        self._events: list[tuple[int, str]] = []  # cycle, line: accepted since the last of them
        interface.write_monitor.on_accepted(self._written)
        interface.read_monitor.on_responded(self._read)
        interface.observe(self._observed)

    @classmethod
    def attach_if_asked(cls, interface: EndpointInterface, run: RunSettings) -> None:
        """Record what happens at an EndpointInterface if *run* names a file. A second test of a simulation
        is recorded behind the first, as what follows a reset."""
        if run.recording:
            before, cls._running = cls._running, cls(interface, run)
            if before:
                cls._running._follow(before)

    @classmethod
    def save_if_asked(cls) -> None:
        """Write what has been recorded to the file that was asked for: all of it or nothing."""
        if cls._running and cls._running._run.recording:
            cls._running.save(cls._running._run.recording)

    def save(self, path: Path) -> None:
        """Write the file at once when it is complete."""
        lines = [
            "# Register accesses of a simulation, and what the device did meanwhile.",
            f"# seed {self._run.seed}, endpoint {self._interface.config.to_json()}",
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

    def _written(self, write: RegisterWrite) -> None:
        full = write.strobe == 0xF
        for offset, size, lane in [(write.address, 4, 0)] if full else _lanes(write.strobe):
            if not full:
                offset += write.address & ~3
            value = write.data >> 8 * lane & (1 << 8 * size) - 1
            self._add(str(AccessRow(0, True, offset, size, value)))

    def _read(self, read: RegisterRead) -> None:
        data = read.data
        assert data is not None  # the read is answered
        line = str(AccessRow(0, False, read.address, 4, data))
        if read.address >= CONFIG_WINDOW_OFFSET:
            self._config_changes()
        if read.address == Register.INTERRUPT_STATUS:
            # Events of the last cycles: what was read tells on which side of the read they belong.
            late = [
                (cycle, event)
                for cycle, event in self._events
                if cycle >= read.accepted - _EFFECT and not _shows(event, data)
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

    def _observed(self, transaction: Transaction) -> None:
        if isinstance(transaction, EventAccepted):
            self._events.append((transaction.cycle, f"#! event {transaction.index}"))
        elif isinstance(transaction, FaultReported) or isinstance(transaction, NeedsResetInput) and transaction.level:
            self._add("#! needs_reset")
        elif isinstance(transaction, GenerationInput):
            self._add(f"#! generation {transaction.value}")
        elif isinstance(transaction, HardReset):
            self._add("#! reset")
        elif isinstance(transaction, ConfigAccess) and transaction.strobe:
            for lane in range(4):
                if transaction.strobe >> lane & 1 and transaction.address + lane < len(self._config_known):
                    self._config_known[transaction.address + lane] = transaction.data >> 8 * lane & 0xFF


def _shows(event: str, status: int) -> bool:
    """Whether InterruptStatus shows an event."""
    bit = InterruptBit.CONFIG_CHANGE if event == f"#! event {EVENT_CONFIG}" else InterruptBit.USED_BUFFER
    return bool(status & bit)


def _lanes(strobe: int) -> list[tuple[int, int, int]]:
    """A narrow write as aligned ones: (byte offset, bytes, lane) each."""
    halves = {0b0011: [(0, 2, 0)], 0b1100: [(2, 2, 2)]}
    return halves.get(strobe) or [(lane, 1, lane) for lane in range(4) if strobe >> lane & 1]
