# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""MmioDriver over anybody's bus master: the disk behind the endpoint is brought up, used, stopped and refused."""

import random

import cocotb
from cocotb.clock import Clock
from cocotb.triggers import ClockCycles, RisingEdge
from cocotb_bus.drivers.amba import AXI4LiteMaster
from cocotbext.axi import AxiLiteBus, AxiLiteMaster, AxiLiteWriteBus
from cocotbext.axi.axil_slave import AxiLiteSlaveWrite
from cocotbext.virtio import BlockDevice, BlockRequests, DeviceRefused, Memory, MmioDriver, QueueServer, driver_queue
from cocotbext.virtio.registers import FeatureBit, StatusBit
from cocotbext.virtio.rings import QueueLayout, RingFeature

from tb.tests.support.covers import covers
from tb.tests.support.settings import CONFIG

SECTORS = 32


class BusMaster(AXI4LiteMaster):
    """cocotb-bus's master on lower-case ports."""

    _signals = {name: name.lower() for name in AXI4LiteMaster._signals}

    def __init__(self, dut):
        super().__init__(dut, "s_axil", dut.aclk, case_insensitive=False)


class Messages:
    """Takes the endpoint's messages, and remembers them."""

    def __init__(self):
        self.seen: list[tuple[int, int]] = []

    async def write(self, address, data, **_):
        """Called by cocotbext-axi's slave."""
        self.seen.append((address, int.from_bytes(data, "little")))


class Bench:
    """Nothing of this project but the driver, the rings and the disk: the rest is cocotb and the masters of others."""

    def __init__(self, dut):
        self.dut = dut
        self.config = CONFIG
        self.messages = Messages()
        self.memory = Memory()
        image = random.randbytes(SECTORS * 512)
        self.disk = BlockDevice(image, b"a disk", self.config.num_queues)
        self.requests = BlockRequests(image)
        self.server = QueueServer(self.disk, self.memory, self._event)
        self._events: list[int] = []
        for name in ("event_valid", "event_index", "config_generation", "needs_reset", "queue_index"):
            getattr(dut, name).value = 0
        dut.notify_ready.value = dut.device_idle.value = dut.queue_stop_done.value = 1
        Clock(dut.aclk, 10, unit="ns").start()

    async def start(self, master) -> None:
        """Reset, and serve the device's ports."""
        dut = self.dut
        dut.aresetn.value = 0
        self.slave = AxiLiteSlaveWrite(
            AxiLiteWriteBus.from_prefix(dut, "m_axil"), dut.aclk, dut.aresetn, self.messages, False
        )
        await ClockCycles(dut.aclk, 5)
        dut.aresetn.value = 1
        await ClockCycles(dut.aclk, 20)
        cocotb.start_soon(self._config())
        cocotb.start_soon(self._kicks())
        self.driver = MmioDriver(master, msi_feature_bit=self.config.msi_feature_bit)

    def _event(self, queue: int) -> None:
        self._events.append(queue + 1)

    async def _config(self) -> None:
        dut = self.dut
        while True:
            await RisingEdge(dut.aclk)
            if int(dut.config_en.value):
                where = int(dut.config_addr.value)
                dut.config_rdata.value = int.from_bytes(self.disk.configuration[where : where + 4], "little")

    async def _kicks(self) -> None:
        dut = self.dut
        while True:
            await RisingEdge(dut.aclk)
            if int(dut.device_reset.value):
                self.server.reset()
            if not int(dut.notify_valid.value):
                continue
            queue = int(dut.notify_queue.value)
            dut.queue_index.value = queue
            await ClockCycles(dut.aclk, 3)
            if not int(dut.queue_ready.value):
                continue
            if queue not in self.server.queues:
                ports = (dut.queue_num, dut.queue_desc, dut.queue_driver, dut.queue_device)
                self.server.start(int(dut.driver_features.value))
                self.server.open(queue, QueueLayout(*(int(port.value) for port in ports)))
            self.server.run(queue)
            while self._events:
                dut.event_index.value, dut.event_valid.value = self._events.pop(0), 1
                await RisingEdge(dut.aclk)
                while not int(dut.event_ready.value):
                    await RisingEdge(dut.aclk)
                dut.event_valid.value = 0


def masters(dut):
    """A bus master of each kind."""
    return {
        "cocotbext_axi": lambda: AxiLiteMaster(AxiLiteBus.from_prefix(dut, "s_axil"), dut.aclk, dut.aresetn, False),
        "cocotb_bus": lambda: BusMaster(dut),
    }


@cocotb.test(timeout_time=5, timeout_unit="ms")
@cocotb.parametrize(kind=["cocotbext_axi", "cocotb_bus"], msi=[False, True])
@covers("device rings")
async def over_anybodys_master(dut, kind, msi):
    """Negotiation, queues, messages or the line, requests on every queue, and a reset."""
    bench = Bench(dut)
    await bench.start(masters(dut)[kind]())
    driver = bench.driver
    driver.msi_wanted = msi
    assert (await driver.probe()).device_id == 2
    for _ in range(2):
        features = await driver.negotiate(without=RingFeature.EVENT_IDX.mask)
        queues = [driver_queue(bench.memory, 16, features) for _ in range(bench.config.num_queues)]
        await driver.bring_up(queues)
        assert driver.msi == msi and driver.vectors == (bench.config.num_vectors if msi else 0)
        assert await driver.read_configs((0, 8), (20, 4), (34, 2)) == [SECTORS, 512, len(queues)]
        assert await driver.read_config(35, 1) == 0
        bench.messages.seen.clear()
        for number, queue in enumerate(queues):
            for request in (
                bench.requests.read(3),
                bench.requests.write(5, random.randbytes(512)),
                bench.requests.read(5),
            ):
                request.add_to(queue, random, indirect=True)
                assert await driver.kick_if_needed(number)
                await ClockCycles(dut.aclk, 40)
                (buffer,) = queue.used()
                assert not bench.requests.judge(buffer)
                vector = driver.vector_of.get(number + 1)
                assert bench.messages.seen == ([driver.message_of(vector)] if msi else [])
                bench.messages.seen.clear()
                assert int(dut.irq.value) == (not msi)
                assert await driver.acknowledge() == (0 if msi else 1) and not int(dut.irq.value)
        await driver.stop_queue(0)
        assert not await driver.needs_reset()
    assert bench.requests.judged == 6 * bench.config.num_queues


@cocotb.test(timeout_time=5, timeout_unit="ms")
@covers("device rings")
async def commands(dut):
    """Mask, unmask and another message for a vector; in sharing mode another vector for a queue."""
    bench = Bench(dut)
    await bench.start(masters(dut)["cocotbext_axi"]())
    driver = bench.driver
    features = await driver.negotiate(without=RingFeature.EVENT_IDX.mask)
    queue = driver_queue(bench.memory, 16, features)
    await driver.bring_up([queue])
    vector = driver.vector_of[1]

    async def request() -> list[tuple[int, int]]:
        bench.requests.read(1).add_to(queue)
        await driver.kick(0)
        await ClockCycles(dut.aclk, 60)
        queue.used()
        seen, bench.messages.seen = bench.messages.seen, []
        return seen

    await driver.mask(vector)
    assert await request() == []
    await driver.configure(vector, 0x12_3456_7890, 0xABCD)
    await driver.unmask(vector)
    await ClockCycles(dut.aclk, 20)
    assert bench.messages.seen == [(0x12_3456_7890, 0xABCD)]
    bench.messages.seen.clear()
    if driver.sharing:
        await driver.map_queue(0, 0)
        assert await request() == [driver.message_of(0)]
    await driver.disable_msi()
    assert await request() == [] and int(dut.irq.value)


@cocotb.test(timeout_time=5, timeout_unit="ms")
@covers("MMIO-28", "MMIO-34")
async def refusals(dut):
    """What a device does not do is an error that says so."""
    bench = Bench(dut)
    await bench.start(masters(dut)["cocotbext_axi"]())
    driver = bench.driver

    async def refused(action) -> str:
        try:
            await action
        except DeviceRefused as error:
            return str(error)
        raise AssertionError("not refused")

    assert "are refused" in await refused(driver.negotiate(accept=1 << FeatureBit.VERSION_1 | 1 << 3))
    await driver.negotiate()
    large = QueueLayout(2 * bench.config.queue_num_max, 0, 0, 0)
    assert "at most" in await refused(driver.set_up_queue(0, large))
    assert "at most 0" in await refused(driver.set_up_queue(bench.config.num_queues, large._replace(size=1)))
    await driver.set_up_queue(0, large._replace(size=4))
    assert "ready before" in await refused(driver.set_up_queue(0, large._replace(size=4)))
    driver.registers._base = 0x40
    assert "MagicValue reads" in await refused(driver.probe())
    driver.registers._base = 0
    assert not await driver.status() & StatusBit.DRIVER_OK
