# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The account of interrupts of a device that serves its rings itself: from the used index to the message.

The driver writes its wishes into memory that nobody watches. But the device has to read the wish after the used index
was answered (SPLIT-14), and what that read returned decides whether the driver is owed an interrupt (SPLIT-10..13).
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from cocotbext.virtio.memory_transactions import MemoryRead, MemoryWrite
from cocotbext.virtio.registers import MsiCommand, Register
from cocotbext.virtio.rings.layout import RingFeature
from cocotbext.virtio.transactions import DeviceReset, EventAccepted, LineLevel, MessagePresented, RegisterWrite

from sim.cosim.burst_memory import BurstMemory
from sim.cosim.device_interface import DeviceInterface

_WORD = 0xFFFF_FFFF
_CONFIG = None  # the queue of a configuration change
_AREAS = {
    Register.QUEUE_DESC_LOW: ("descriptors", 0),
    Register.QUEUE_DESC_HIGH: ("descriptors", 32),
    Register.QUEUE_DRIVER_LOW: ("driver", 0),
    Register.QUEUE_DRIVER_HIGH: ("driver", 32),
    Register.QUEUE_DEVICE_LOW: ("device", 0),
    Register.QUEUE_DEVICE_HIGH: ("device", 32),
}


@dataclass
class _Ring:
    """A split queue, as the driver has announced it and as far as the device has come."""

    size: int = 0
    areas: dict[str, int] = field(default_factory=dict)
    ready: bool = False
    used: int = 0  # the used index last answered
    decided: int = 0  # the one that the last decision was about
    answered: int = -1  # cycle of the answer that no decision has followed yet; -1: there is none


class RingAccount:
    """Watches registers, memory port, line and messages of one device with split rings.

    Args:
        interface: the DeviceInterface.
        memory: the AxiMemory behind the memory port.
        publish: called with EventAccepted when the driver is owed an interrupt, and with DeviceReset.

    Attributes:
        used: buffers given back, by queue.
        lost: interrupts that were owed and never came; without_cause: those that came and were not owed.
        silent: used indices that the driver did not wish to hear of.
    """

    REST = 512  # cycles in which an interrupt that is owed has to come, where nothing holds it
    THOUGHT = 32  # cycles from the driver's wish to the start of the interrupt that it causes, with an idle bus

    def __init__(self, interface: DeviceInterface, memory: BurstMemory, publish: Callable[[object], None]) -> None:
        self.used: dict[int, int] = {}
        self.lost = self.without_cause = self.silent = 0
        self._clock, self._publish = interface.clock, publish
        self._rings: dict[int, _Ring] = {}
        self._owed: list[tuple[int | None, int]] = []  # queue and cycle
        # What an earlier interrupt has told of, if the device had it in mind by then: it may come once more.
        self._possible: list[tuple[int | None, int]] = []
        self._vectors: dict[tuple[int, int], int] = {}  # address and data -> vector
        self._registers: dict[int, int] = {}
        self._features = {0: 0, 1: 0}
        self._high = False
        interface.write_monitor.on_responded(self._register)
        interface.observe(self._observed)
        memory.on_write(self._wrote)
        memory.on_read(self._read)

    def config_changed(self) -> None:
        """The device tells of a change of its configuration from now on."""
        self._owe(_CONFIG)

    def describe(self, read: Callable[[int, int], bytes]) -> str:
        """Where each queue is, and what is owed, for a log.

        Args:
            read: looks at the guest's memory: address, bytes.
        """
        lines = []
        for index, ring in self._rings.items():
            if ring.ready:
                available = int.from_bytes(read(ring.areas["driver"] + 2, 2), "little")
                lines.append(f"queue {index}: available {available}, used {ring.used}, told of {ring.decided}")
        lines += [f"owed for queue {queue} since cycle {cycle}" for queue, cycle in self._owed]
        return "; ".join(lines) or "no queue is ready"

    def finish(self) -> None:
        """The device is at rest: what is still owed is lost."""
        self._drop(lambda queue: True)

    def _owe(self, queue: int | None) -> None:
        cycle = self._clock.cycle
        self._publish(EventAccepted(cycle=cycle, index=0 if queue is None else queue + 1))
        # A driver that has not acknowledged the line yet will look at all that is there.
        (self._possible if self._high else self._owed).append((queue, cycle))

    def _drop(self, concerned: Callable[[int | None], bool]) -> None:
        """Queues end: what they owed cannot come any more."""
        now = self._clock.cycle
        self.lost += sum(concerned(queue) and now - since > self.REST for queue, since in self._owed)
        self._owed = [(queue, since) for queue, since in self._owed if not concerned(queue)]

    # Registers

    def _register(self, write: RegisterWrite) -> None:
        address, data = write.address, write.data
        self._registers[address] = data
        queue = self._registers.get(Register.QUEUE_SEL, 0)
        if address == Register.STATUS and data == 0:
            self._drop(lambda queue: True)
            for registers in (self._rings, self._vectors, self._registers):
                registers.clear()
            self._publish(DeviceReset(cycle=self._clock.cycle))
        elif address == Register.DRIVER_FEATURES:
            self._features[self._registers.get(Register.DRIVER_FEATURES_SEL, 0)] = data
        elif address == Register.QUEUE_NUM:
            self._rings.setdefault(queue, _Ring()).size = data
        elif address in _AREAS:
            ring, (name, shift) = self._rings.setdefault(queue, _Ring()), _AREAS[Register(address)]
            ring.areas[name] = ring.areas.get(name, 0) & ~(_WORD << shift) | data << shift
        elif address == Register.QUEUE_READY:
            ring = self._rings.setdefault(queue, _Ring())
            ring.ready, ring.used, ring.decided, ring.answered = bool(data), 0, 0, -1
            if not data:
                self._drop(lambda ended: ended == queue)
        elif (address, data) == (Register.MSI_CMD, MsiCommand.CONFIGURE):
            low, high, message = (
                self._registers.get(register, 0)
                for register in (Register.MSI_ADDR_LOW, Register.MSI_ADDR_HIGH, Register.MSI_DATA)
            )
            self._vectors[high << 32 | low, message] = self._registers.get(Register.MSI_VEC_SEL, 0)

    # Memory

    def _wrote(self, write: MemoryWrite) -> None:
        for index, ring in self._rings.items():
            place = ring.areas.get("device", 0) + 2
            if ring.ready and write.covers(place, 2):
                value = write.value(place, 2)
                self.used[index] = self.used.get(index, 0) + (value - ring.used & 0xFFFF)
                ring.used, ring.answered = value, self._clock.cycle

    def _read(self, read: MemoryRead) -> None:
        event_idx = RingFeature.EVENT_IDX.within(self._features[0])
        for index, ring in self._rings.items():
            place = ring.areas.get("driver", 0) + (4 + 2 * ring.size if event_idx else 0)
            if not ring.ready or ring.answered < 0 or read.issued < ring.answered or not read.covers(place, 2):
                continue
            wish, old, new = read.value(place, 2), ring.decided, ring.used
            wanted = (new - wish - 1) & 0xFFFF < (new - old) & 0xFFFF if event_idx else not wish & 1
            ring.decided, ring.answered = new, -1
            if wanted:
                self._owe(index)
            else:
                self.silent += 1

    # Interrupts

    def _observed(self, transaction: object) -> None:
        if isinstance(transaction, MessagePresented):
            vector = self._vectors.get((transaction.address, transaction.data))
            self._told(transaction.presented, lambda queue: vector in (None, 0 if queue is None else queue + 1))
        elif isinstance(transaction, LineLevel):
            self._high = bool(transaction.level)
            if self._high:
                self._told(transaction.cycle, lambda queue: True)

    def _told(self, cycle: int, concerned: Callable[[int | None], bool]) -> None:
        """An interrupt began in *cycle*."""
        causes = [(queue, since) for queue, since in self._owed if since <= cycle and concerned(queue)]
        excuses = [(queue, since) for queue, since in self._possible if cycle - since <= self.REST and concerned(queue)]
        self.without_cause += not causes and not excuses
        self._owed = [entry for entry in self._owed if entry not in causes]
        self._possible = [entry for entry in self._possible if not concerned(entry[0])]
        self._possible += [(queue, since) for queue, since in causes if cycle - since < self.THOUGHT]
