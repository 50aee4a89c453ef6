# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""A driver that repeats a trace."""

from typing import Never

from cocotbext.virtio.bfm.endpoint_interface import EndpointInterface
from cocotbext.virtio.config import EndpointConfig
from cocotbext.virtio.devices.blk_stub import BlkStub
from cocotbext.virtio.devices.recorded_device import RecordedDevice
from cocotbext.virtio.registers import CONFIG_WINDOW_OFFSET, MsiVecStateBit, Register, name_of
from cocotbext.virtio.trace.rows import AccessRow, DeviceRow
from cocotbext.virtio.trace.trace_file import TraceFile
from cocotbext.virtio.uvm.items import RegisterItem
from cocotbext.virtio.uvm.sequences.register_sequence import RegisterSequence

LINE_LIMIT = 1000  # cycles that an interrupt may take from the kick to the line
DEVICE_LIMIT = 200  # cycles that the device may take to serve a kick; one that is ignored is never served
EFFECT = 8  # cycles after which an accepted event shows

# What a driver learns of the device by reading, once and for all.
_IDENTITY = (
    Register.MAGIC_VALUE,
    Register.VERSION,
    Register.DEVICE_ID,
    Register.VENDOR_ID,
    Register.DEVICE_FEATURES,
    Register.QUEUE_NUM_MAX,
    Register.MSI_VEC_NUM,
)


class Difference(AssertionError):
    """The endpoint did something else than what the driver of the trace saw."""


class Replay(RegisterSequence):
    """Repeats the accesses of a trace one by one; every read must return what the driver saw.

    Whether a vector is still pending (MsiVecState bit 1) depends on when the interrupt controller took the
    message, which a trace does not tell: this bit is not compared.

    Args:
        config: what the endpoint was built with.
        trace: the rows.
        interface: the EndpointInterface, for the line.
        device: BlkStub, or RecordedDevice if the trace says what the device did.

    Attributes:
        reads, interrupts: compared and seen so far.
    """

    def __init__(
        self,
        config: EndpointConfig,
        trace: TraceFile,
        interface: EndpointInterface,
        device: BlkStub | RecordedDevice,
    ) -> None:
        super().__init__(config)
        self._trace = trace
        self._interface = interface
        self._device = device
        self.reads = 0
        self.interrupts = 0

    async def body(self) -> None:
        for row in self._trace.rows:
            if isinstance(row, DeviceRow):
                await self._recorded_device.perform(row)
            else:
                await self._access(row)
        if self._trace.recorded:
            await self._recorded_device.finish()

    @property
    def _recorded_device(self) -> RecordedDevice:
        assert isinstance(self._device, RecordedDevice), "the trace says what the device did"
        return self._device

    async def _access(self, row: AccessRow) -> None:
        if row.offset >> self.config.addr_width:
            self._differs(
                row,
                f"offset is beyond the {self.config.addr_width} address bits of this endpoint; "
                f"choose the configuration it was captured on with CONFIG",
            )
        if self._trace.recorded:
            await self._recorded_device.before(row)
        elif not row.write and row.offset == Register.INTERRUPT_STATUS and row.value:
            await self._interrupted(row)
        await (self._write(row) if row.write else self._compare(row))
        if row.write and row.offset == Register.QUEUE_NOTIFY and not self._trace.recorded:
            await self._served()

    async def _write(self, row: AccessRow) -> None:
        lane = row.offset % 4 if row.size < 4 else 0
        await self.carry(RegisterItem.write(row.offset, row.value << 8 * lane, ((1 << row.size) - 1) << lane))

    async def _compare(self, row: AccessRow) -> None:
        word = (await self.carry(RegisterItem.read(row.offset))).data
        lane = row.offset % 4 if row.size < 4 else 0
        mask = (1 << 8 * row.size) - 1
        if row.offset == Register.MSI_VEC_STATE:
            mask &= ~MsiVecStateBit.PENDING
        value = word >> 8 * lane
        if (value ^ row.value) & mask:
            digits = 2 * row.size
            text = f"read 0x{value & mask:0{digits}x}, the driver saw 0x{row.value & mask:0{digits}x}"
            if row.offset in _IDENTITY:
                text += ": the trace is of another device; choose a configuration that is the same one with CONFIG"
            self._differs(row, text)
        self.reads += 1

    async def _interrupted(self, row: AccessRow) -> None:
        """The driver's handler runs because the line is up."""
        line, clock = self._interface.line_monitor, self._interface.clock
        until = clock.cycle + LINE_LIMIT
        while not line.level:
            if clock.cycle > until:
                self._differs(row, f"no interrupt came, the driver saw 0x{row.value:08x}")
            await clock.cycles(1)
        self.interrupts += 1

    async def _served(self) -> None:
        """The device completes its buffers and raises its event before the driver's next access."""
        clock = self._interface.clock
        until = clock.cycle + DEVICE_LIMIT
        stub = self._device
        assert isinstance(stub, BlkStub), "the trace does not say what the device did"
        while stub.busy and clock.cycle < until:
            await clock.cycles(1)
        await clock.cycles(EFFECT)

    def _differs(self, row: AccessRow, text: str) -> Never:
        name = name_of(row.offset, None if row.offset < CONFIG_WINDOW_OFFSET else self.config)
        raise Difference(f"{self._trace.path.name}:{row.line}: {name}: {text}")
