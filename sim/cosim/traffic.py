# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Counts what passes at the endpoint's ports.

A guest that reads its own interrupt counters says so to the device: it reads Status, through the file ``status`` of
the device in sysfs, before and after. No driver reads Status after DRIVER_OK, so such a read marks the moment.
"""

from collections import Counter
from dataclasses import asdict, dataclass

from cocotbext.virtio.bfm.endpoint_interface import EndpointInterface
from cocotbext.virtio.registers import MsiCommand, Register, StatusBit
from cocotbext.virtio.transactions import (
    DeviceReset,
    EventAccepted,
    LineLevel,
    MessagePresented,
    RegisterRead,
    RegisterWrite,
)

from sim.cosim.device_interface import DeviceInterface

_COMMANDS = frozenset(int(command) for command in MsiCommand)


@dataclass(frozen=True)
class Mark:
    """What had passed when the guest read Status at work.

    Attributes:
        messages: since the last reset.
        apart: those of them with a register access between them and the last one of the same address and data. On a
            machine with one CPU no interrupt controller merges these with others: a driver is told of used buffers
            again only after its handler has asked for it, and the access shows that this handler has ended.
        config_events: accepted since the last reset.
        interrupt_status_reads: in all; the handler of the line makes one an interrupt.
    """

    messages: int
    apart: int
    config_events: int
    interrupt_status_reads: int


class Traffic:
    """Passive: takes everything from the monitors.

    "At work" is the time from DRIVER_OK to the next reset: set-up and teardown are not part of it.

    Args:
        interface: the EndpointInterface.

    Attributes:
        counts: name -> number, see the code; ready for JSON.
        messages: (address, data) -> messages.
        lives: for each time between two resets, a Mark for each read of Status at work.
    """

    def __init__(self, interface: EndpointInterface | DeviceInterface) -> None:
        self.counts: Counter[str] = Counter()
        self.messages: Counter[tuple[int, int]] = Counter()
        self.lives: list[list[Mark]] = [[]]
        self._at_work = False
        self._msi = False
        self._in_life: Counter[str] = Counter()
        self._untouched: set[tuple[int, int]] = set()  # messages sent since the last access
        interface.write_monitor.on_accepted(self._written)
        interface.read_monitor.on_responded(self._read)
        interface.observe(self._observed)

    def marks(self) -> list[list[dict]]:
        """`lives` as plain data, without those in which the guest has not counted."""
        return [[asdict(mark) for mark in life] for life in self.lives if life]

    def _access(self) -> None:
        self._untouched.clear()
        self.counts["accesses"] += 1
        self.counts["accesses_at_work"] += self._at_work

    def _written(self, write: RegisterWrite) -> None:
        self._access()
        if write.address == Register.MSI_CMD and write.data in _COMMANDS:
            command = MsiCommand(write.data)
            self.counts[f"command_{command.name.lower()}"] += 1
            if command in (MsiCommand.ENABLE, MsiCommand.DISABLE):
                self._msi = command == MsiCommand.ENABLE
        elif write.address == Register.INTERRUPT_ACK:
            self.counts["interrupt_acks"] += 1
        elif write.address == Register.STATUS:
            self._at_work = bool(write.data & StatusBit.DRIVER_OK)
            self._msi = self._msi and write.data != 0

    def _read(self, read: RegisterRead) -> None:
        self._access()
        if read.address == Register.INTERRUPT_STATUS:
            self.counts["interrupt_status_reads"] += 1
            self.counts["interrupt_status_reads_with_msi"] += self._msi
        elif read.address == Register.STATUS and self._at_work:
            self.counts["accesses_at_work"] -= 1  # it is the guest's script that asks, not its driver
            life = self._in_life
            reads = self.counts["interrupt_status_reads"]
            self.lives[-1].append(Mark(life["messages"], life["apart"], life["config_events"], reads))

    def _observed(self, transaction: object) -> None:
        if isinstance(transaction, MessagePresented):
            message = transaction.address, transaction.data
            self.counts["messages"] += 1
            self.messages[message] += 1
            self._in_life["messages"] += 1
            self._in_life["apart"] += message not in self._untouched
            self._untouched.add(message)
        elif isinstance(transaction, LineLevel):
            self.counts["line_raised"] += transaction.level
        elif isinstance(transaction, EventAccepted):
            self.counts["events"] += 1
            self.counts["config_events"] += transaction.index == 0
            self._in_life["config_events"] += transaction.index == 0
        elif isinstance(transaction, DeviceReset):
            self.counts["resets"] += 1
            self.lives.append([])
            self._in_life.clear()
            self._untouched.clear()
