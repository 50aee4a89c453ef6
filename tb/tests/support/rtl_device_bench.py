# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
"""A whole device and its driver: registers, rings in memory behind m_axi, interrupts by line or by message."""

import random
from collections import Counter
from collections.abc import Callable

import cocotb
from cocotb.simtime import get_sim_time
from cocotb.triggers import Event, First, RisingEdge, Timer, ValueChange
from cocotbext.virtio.bfm.axi_memory import AxiMemory, MemoryTiming
from cocotbext.virtio.clock_reset import ClockReset
from cocotbext.virtio.config import EndpointConfig
from cocotbext.virtio.registers import MsiCommand, Register, StatusBit
from cocotbext.virtio.rings import Buffer, Memory, Placement, QueueFull, WatchedMemory, driver_queue
from cocotbext.virtio.scoreboard.device_run_log import DeviceRunLog
from cocotbext.virtio.scoreboard.run_log import RunLog

from tb.tests.support.settings import DESIGN, RUN, limited

MESSAGES = 0xFEE0_0000  # address of the messages; the data is the vector
VERSION_1, INDIRECT, EVENT_IDX, MSI = 1 << 32, 1 << 28, 1 << 29, 1 << 40
RAM = (0x4000_0000, 1 << 24)  # address and bytes
LIMIT = 12000  # cycles that anything may take


class RegisterBus:
    """Writes and reads registers through s_axil, one at a time."""

    def __init__(self, dut):
        self._dut, self._edge = dut, RisingEdge(dut.aclk)
        self.log: DeviceRunLog | None = None
        for name in ("awvalid", "wvalid", "arvalid"):
            getattr(dut, f"s_axil_{name}").value = 0
        for name in ("bready", "rready"):
            getattr(dut, f"s_axil_{name}").value = 1
        for name in ("awprot", "arprot"):
            getattr(dut, f"s_axil_{name}").value = 0
        dut.s_axil_wstrb.value = 15

    async def write(self, address: int, value: int, strobe: int = 15) -> int:
        """Write a word; returns the cycles until the answer."""
        dut = self._dut
        dut.s_axil_awaddr.value, dut.s_axil_wdata.value, dut.s_axil_wstrb.value = address, value, strobe
        dut.s_axil_awvalid.value = dut.s_axil_wvalid.value = 1
        waiting, log = {"aw", "w"}, self.log
        if log:
            log.write_began(address, value)
        for cycle in range(LIMIT):
            await self._edge
            for channel in list(waiting):
                if int(getattr(dut, f"s_axil_{channel}ready").value):
                    waiting.remove(channel)
                    getattr(dut, f"s_axil_{channel}valid").value = 0
                    if log and not waiting:
                        log.write_accepted(address, value, strobe)
            if int(dut.s_axil_bvalid.value):
                if log:
                    log.write_answered(address, value, strobe)
                assert int(dut.s_axil_bresp.value) == 0
                return cycle
        raise AssertionError(f"the write to {address:#x} is not answered")

    async def read(self, address: int) -> int:
        """Read a word."""
        dut = self._dut
        dut.s_axil_araddr.value, dut.s_axil_arvalid.value = address, 1
        accepted = 0
        for _ in range(LIMIT):
            await self._edge
            if int(dut.s_axil_arready.value):
                dut.s_axil_arvalid.value = 0
                accepted = accepted or (self.log.cycle if self.log else 1)
            if int(dut.s_axil_rvalid.value):
                value = int(dut.s_axil_rdata.value)
                if self.log:
                    self.log.read(address, value, accepted)
                return value
        raise AssertionError(f"the read of {address:#x} is not answered")


class MsiSink:
    """Answers m_axil and counts the messages of each vector.

    *heard* are called with address and data of each when both were taken.

    Attributes:
        presented: simulation time, in steps, at which the address of the message was presented that *heard* hear of.
    """

    def __init__(self, dut, rng):
        self._dut, self._rng = dut, rng
        self.log: DeviceRunLog | None = None
        self.counts: Counter[int] = Counter()
        self.came = Event()
        self.presented = 0
        self.heard: list[Callable[[int, int], None]] = []
        self._changes = [ValueChange(dut.m_axil_awvalid), ValueChange(dut.m_axil_wvalid), ValueChange(dut.aresetn)]
        for name in ("awready", "wready", "bvalid", "bresp"):
            getattr(dut, f"m_axil_{name}").value = 0
        cocotb.start_soon(self._run())

    async def _run(self):
        dut, ready, addresses, datas, owed, answering = self._dut, {"aw": 0, "w": 0}, [], [], 0, False
        presented, began = False, []
        while True:
            await RisingEdge(dut.aclk)
            if not int(dut.aresetn.value):
                continue
            if int(dut.m_axil_awvalid.value):
                if not presented:
                    began.append(get_sim_time("step"))
                    if self.log:
                        self.log.message_started(int(dut.m_axil_awaddr.value))
                presented = not ready["aw"]
            if ready["aw"] and int(dut.m_axil_awvalid.value):
                addresses.append(int(dut.m_axil_awaddr.value))
            if ready["w"] and int(dut.m_axil_wvalid.value):
                datas.append(int(dut.m_axil_wdata.value))
            while addresses and datas:
                address, data = addresses.pop(0), datas.pop(0)
                assert address == MESSAGES, f"a message to {address:#x}"
                self.counts[data] += 1
                self.presented = began.pop(0)
                if self.log:
                    self.log.message_taken(address, data)
                for callback in self.heard:
                    callback(address, data)
                self.came.set()
                owed += 1
            if answering and int(dut.m_axil_bready.value):
                answering, owed = False, owed - 1
                if self.log:
                    self.log.message_answered()
            for channel in ready:
                ready[channel] = int(self._rng.random() < 0.7)
                getattr(dut, f"m_axil_{channel}ready").value = ready[channel]
            answering = answering or bool(owed)
            dut.m_axil_bvalid.value = int(answering)
            if not owed and not addresses and not datas and not self._offered():
                await First(*self._changes)  # nothing to do in the cycles between

    def _offered(self) -> bool:
        """Whether a message is on the bus."""
        return bool(int(self._dut.m_axil_awvalid.value) or int(self._dut.m_axil_wvalid.value))


class DeviceBench:
    """Device under test with its driver.

    Args:
        dut: one of virtio_mmio_rng, _blk, _blk_axi, _console, _net.
        timing: of the memory; drawn at random by default.
        memory: what the driver and m_axi see; axi: class of the AXI4 memory in front of it.

    Attributes:
        registers, memory, axi, messages: what is connected.
        queues: the driver's queues, by index, after :meth:`bring_up`.
        added: buffers given so far.
        interrupts: how many came since the start, configuration changes not among them; config_changes: those.
    """

    def __init__(
        self, dut, timing: MemoryTiming | None = None, seed: int | None = None, memory=None, axi=AxiMemory
    ) -> None:
        self.dut = dut
        self.rng = random.Random(cocotb.RANDOM_SEED if seed is None else seed)
        self.clock = ClockReset(dut.aclk, dut.aresetn)
        self.registers = RegisterBus(dut)
        ram = Memory(RAM) if memory is None else memory
        self._watched = WatchedMemory(ram) if RUN.run_log and memory is None else None
        self.memory = self._watched or ram
        self.axi = axi.from_prefix(
            dut,
            "m_axi",
            self.clock,
            ram,
            timing=timing or MemoryTiming.drawn(self.rng, limited("latency", 40)),
            rng=self.rng,
        )
        self.messages = MsiSink(dut, self.rng)
        self.queues = {}
        self.msi = False
        self.config_changes = self.added = 0

    async def start(self) -> None:
        """Clock and reset."""
        self.clock.start()
        run_log = RunLog.if_asked(EndpointConfig.of_parameters(DESIGN), self.clock, RUN)
        if run_log:
            log = DeviceRunLog(self.dut, self.clock, run_log, self.axi, self._watched)
            self.registers.log = self.messages.log = log
        await self.clock.reset()

    async def cycles(self, number: int) -> None:
        """Wait."""
        await self.clock.cycles(number)

    async def offered(self) -> int:
        """The 64 offered feature bits."""
        low, high = 0, 0
        await self.registers.write(Register.DEVICE_FEATURES_SEL, 0)
        low = await self.registers.read(Register.DEVICE_FEATURES)
        await self.registers.write(Register.DEVICE_FEATURES_SEL, 1)
        high = await self.registers.read(Register.DEVICE_FEATURES)
        return high << 32 | low

    async def config(self, offset: int, size: int = 4) -> int:
        """*size* bytes of the configuration space at *offset*, which do not cross a word."""
        word = await self.registers.read(0x100 + (offset & ~3))
        return word >> 8 * (offset & 3) & (1 << 8 * size) - 1

    async def reset(self) -> None:
        """Status = 0."""
        await self.registers.write(Register.STATUS, 0)
        assert await self.registers.read(Register.STATUS) == 0
        self.queues.clear()

    async def bring_up(self, sizes, wanted: int = 0, msi: bool = False, rings: int = INDIRECT | EVENT_IDX) -> int:
        """From reset to DRIVER_OK.

        Args:
            sizes: entries of each queue.
            wanted: device type features to accept if offered.
            msi: interrupts by message, vector 0 for configuration changes, q + 1 for queue q.
            rings: ring features to accept if offered.

        Returns:
            The accepted features.
        """
        registers = self.registers
        await self.reset()
        status = StatusBit.ACKNOWLEDGE | StatusBit.DRIVER
        await registers.write(Register.STATUS, StatusBit.ACKNOWLEDGE)
        await registers.write(Register.STATUS, status)
        features = (await self.offered()) & (VERSION_1 | wanted | rings | (MSI if msi else 0))
        assert features & VERSION_1
        for word in (0, 1):
            await registers.write(Register.DRIVER_FEATURES_SEL, word)
            await registers.write(Register.DRIVER_FEATURES, features >> 32 * word & 0xFFFFFFFF)
        status |= StatusBit.FEATURES_OK
        await registers.write(Register.STATUS, status)
        assert await registers.read(Register.STATUS) == status, "FEATURES_OK was refused"
        self.placement = Placement(self.memory, alignment=16)
        for index, size in enumerate(sizes):
            self.queues[index] = self.make_queue(size, features)
            await self.enable(index)
        self.msi = msi
        if msi:
            for vector in range(len(sizes) + 1):
                for register, value in (
                    (Register.MSI_VEC_SEL, vector),
                    (Register.MSI_ADDR_LOW, MESSAGES),
                    (Register.MSI_ADDR_HIGH, 0),
                    (Register.MSI_DATA, vector),
                    (Register.MSI_CMD, MsiCommand.CONFIGURE),
                ):
                    await registers.write(register, value)
            await registers.write(Register.MSI_CMD, MsiCommand.ENABLE)
        await registers.write(Register.STATUS, status | StatusBit.DRIVER_OK)
        return features

    def make_queue(self, size: int, features: int):
        """The driver's side of a queue: an object with the ``layout`` to announce."""
        return driver_queue(self.memory, size, features, placement=self.placement, rng=self.rng)

    async def enable(self, index: int) -> None:
        """Announce a queue's layout and set QueueReady."""
        size, *areas = self.queues[index].layout
        await self.registers.write(Register.QUEUE_SEL, index)
        await self.registers.write(Register.QUEUE_NUM, size)
        for register, address in zip(
            (Register.QUEUE_DESC_LOW, Register.QUEUE_DRIVER_LOW, Register.QUEUE_DEVICE_LOW), areas, strict=True
        ):
            await self.registers.write(register, address & 0xFFFFFFFF)
            await self.registers.write(register + 4, address >> 32)
        await self.registers.write(Register.QUEUE_READY, 1)
        assert await self.registers.read(Register.QUEUE_READY) == 1

    async def kick(self, index: int = 0) -> None:
        """Tell the device of new buffers, if it wants to hear."""
        if self.queues[index].kick_needed():
            await self.registers.write(Register.QUEUE_NOTIFY, self.queues[index].kick_value(index))

    async def add(self, index: int, readable=(), writable=(), indirect: bool = False, cookie=None) -> Buffer | None:
        """Put a buffer into a queue without a kick; None when the queue is full, or LIMITS allows no more."""
        indirect = indirect and self.queues[index].indirect
        if self.added >= limited("buffers", self.added + 1):
            return None
        try:
            buffer = self.queues[index].add(readable, writable, indirect=indirect, cookie=cookie)
        except QueueFull:
            return None
        self.added += 1
        return buffer

    async def interrupt(self, limit: int = LIMIT) -> bool:
        """Wait for an interrupt and acknowledge it; False when none comes in *limit* cycles."""
        messages, last = self.messages, self.clock.cycle + limit
        while True:
            if self.msi:
                if messages.counts:
                    self.config_changes += messages.counts.pop(0, 0)
                    messages.counts.clear()
                    return True
            elif int(self.dut.irq.value):
                bits = await self.registers.read(Register.INTERRUPT_STATUS)
                await self.registers.write(Register.INTERRUPT_ACK, bits)
                self.config_changes += bits >> 1 & 1
                return True
            left = last - self.clock.cycle
            if left <= 0:
                return False
            messages.came.clear()
            change = messages.came.wait() if self.msi else RisingEdge(self.dut.irq)
            await First(change, Timer(self.clock.period_ns * left, "ns"))
            await RisingEdge(self.dut.aclk)

    async def collect(self, index: int, count: int, limit: int = LIMIT) -> list[Buffer]:
        """Wait, driven by interrupts alone, until *count* buffers of a queue are used."""
        queue, found = self.queues[index], []
        while True:
            found += queue.used()
            if len(found) >= count:
                return found
            if queue.event_idx and queue.interrupt_after(1):
                continue
            if not await self.interrupt(limit):
                late = queue.used()
                assert not late, f"{len(late)} buffers of queue {index} were used without an interrupt"
                raise AssertionError(f"queue {index}: {len(found)} of {count} buffers came back in {limit} cycles")

    async def healthy(self) -> None:
        """No fault, nothing left on the bus."""
        status = await self.registers.read(Register.STATUS)
        assert not status & StatusBit.DEVICE_NEEDS_RESET, f"Status is {status:#x}"
        for _ in range(LIMIT):  # the data of an address that is out may still come
            if self.axi.left_over() is None:
                break
            await self.cycles(1)
        assert self.axi.left_over() is None
