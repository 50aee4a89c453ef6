# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The run log of a whole device: its register accesses, messages and line, and its rings, followed by the registers."""

from typing import Any

import cocotb
from cocotb.triggers import ValueChange
from cocotbext.virtio.checks.ring_trace import RingTrace
from cocotbext.virtio.clock_reset import ClockReset
from cocotbext.virtio.registers import MsiCommand, Register, StatusBit
from cocotbext.virtio.rings import WatchedMemory
from cocotbext.virtio.rings.layout import QueueLayout, RingFeature
from cocotbext.virtio.scoreboard.run_log import RunLog
from cocotbext.virtio.transactions import (
    LineLevel,
    MessageAnswered,
    MessagePresented,
    MessageStarted,
    RegisterRead,
    RegisterWrite,
)

_VECTORS = 2048  # of one device, at most
_AREAS = {Register.QUEUE_DESC_LOW: 0, Register.QUEUE_DRIVER_LOW: 1, Register.QUEUE_DEVICE_LOW: 2}


class DeviceRunLog:
    """Told by a bench's buses of what happens, in the cycle in which it does.

    Args:
        dut: the device; clock: started; run_log: the file.
        axi: memory behind m_axi; memory: what the driver writes through. None: rings are not followed.
        base: data of the message of vector 0. The bench gives vector v the data base + v, and queue q the vector q + 1.

    Attributes:
        trace: of the rings.
    """

    def __init__(
        self, dut: Any, clock: ClockReset, run_log: RunLog, axi: Any, memory: WatchedMemory | None, base: int = 0
    ) -> None:
        self._dut, self._clock, self._log, self._base = dut, clock, run_log, base
        self.trace = RingTrace()
        if memory is not None:
            self.trace.log = run_log.ring
            axi.on_read(self.trace.read)
            axi.on_write(self.trace.write)
            memory.after_write.append(lambda address, data: self.trace.driver_wrote(clock.cycle, address, data))
        self._started: list[tuple[int, int]] = []  # messages on the bus: cycle, address
        self._written: dict[int, int] = {}  # register -> value
        self._queues: dict[int, dict[int, int]] = {}  # queue -> register -> value
        self._features = [0, 0]
        self._ready: set[int] = set()
        self._status, self._msi, self._mode = 0, False, (False, False)
        cocotb.start_soon(self._line())

    @property
    def cycle(self) -> int:
        """The present one."""
        return self._clock.cycle

    async def _line(self) -> None:
        change, level = ValueChange(self._dut.irq), 0
        while True:
            await change
            value = self._dut.irq.value
            if value.is_resolvable and int(value) != level:
                level, cycle = int(value), self._clock.cycle + 1
                self._log.observed(LineLevel(cycle, level))
                if level:
                    self.trace.notified(cycle, None)

    # Registers

    def write_began(self, address: int, value: int) -> None:
        """A write is put on the bus."""
        cycle, queue = self._clock.cycle, self._written.get(Register.QUEUE_SEL, 0)
        self._written[address] = value
        if Register.QUEUE_NUM <= address < Register.QUEUE_READY or address in range(0x80, 0xA8):
            self._queues.setdefault(queue, {})[address] = value
        elif address == Register.DRIVER_FEATURES:
            self._features[self._written.get(Register.DRIVER_FEATURES_SEL, 0) & 1] = value
        elif address == Register.QUEUE_READY and value & 1:
            self._ready.add(queue)
            self._start({queue})
        elif address == Register.STATUS:
            new = value & ~self._status & StatusBit.DRIVER_OK
            self._status = value
            if new:
                self._start(self._ready)
        elif address == Register.QUEUE_NOTIFY:
            self.trace.kick(cycle, value & 0xFFFF if RingFeature.NOTIFICATION_DATA.within(self._all) else value, value)

    @property
    def _all(self) -> int:
        return self._features[1] << 32 | self._features[0]

    def _start(self, queues: set[int]) -> None:
        if self._status & StatusBit.DRIVER_OK:
            for queue in sorted(queues):
                values = self._queues.get(queue, {})
                areas = (values.get(low + 4, 0) << 32 | values.get(low, 0) for low in _AREAS)
                layout = QueueLayout(values.get(Register.QUEUE_NUM, 0), *areas)
                self.trace.queue_start(self._clock.cycle, queue, layout, self._all)

    def write_accepted(self, address: int, value: int, strobe: int) -> None:
        """Address and data of a write were taken."""
        cycle = self._clock.cycle
        self._log.observed(RegisterWrite(address, value, strobe, cycle))
        if address == Register.MSI_CMD and value in (MsiCommand.ENABLE, MsiCommand.DISABLE):
            self._msi = value == MsiCommand.ENABLE
        elif address == Register.STATUS and not value:
            self._msi = False
        mode = (self._msi, bool(self._status & StatusBit.DRIVER_OK))
        if mode != self._mode:
            self._mode = mode
            self._log.mode(cycle, *mode)

    def write_answered(self, address: int, value: int, strobe: int) -> None:
        """Its response was seen."""
        self._log.write_answered(RegisterWrite(address, value, strobe, 0, self._clock.cycle))

    def read(self, address: int, value: int, accepted: int) -> None:
        """A read was answered."""
        cycle = self._clock.cycle
        self._log.observed(RegisterRead(address, value, accepted, cycle, cycle))
        if address == Register.STATUS and not value:
            self.trace.stop_all(cycle)
            self._ready.clear()
        elif address == Register.QUEUE_READY and not value:
            queue = self._written.get(Register.QUEUE_SEL, 0)
            if queue in self._ready:
                self._ready.remove(queue)
                self.trace.queue_stop(cycle, queue)

    # Messages

    def message_started(self, address: int) -> None:
        """First cycle of AWVALID."""
        self._started.append((self._clock.cycle, address))
        self._log.observed(MessageStarted(self._clock.cycle, address))

    def message_taken(self, address: int, data: int) -> None:
        """Address and data were taken."""
        cycle, vector = self._clock.cycle, data - self._base
        presented, _ = self._started.pop(0)
        self._log.attributed(presented, [vector] if 0 <= vector < _VECTORS else [])
        self._log.observed(MessagePresented(presented, cycle, cycle, address, data))
        if 0 < vector < _VECTORS:
            self.trace.notified(presented, vector - 1, address=address, data=data, vector=vector)

    def message_answered(self) -> None:
        """The response was taken."""
        self._log.observed(MessageAnswered(self._clock.cycle, 0))
