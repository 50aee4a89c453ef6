# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The cocotb tests that are measured: each does its work for $BENCH_SECONDS and leaves its figures in a file in the
folder of its run.

Every register master does the same accesses, one after the other, and compares what it reads.
"""

import json
import logging
import os
import time
import warnings
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import cocotb
import pyuvm
from cocotbext.virtio.bfm.axil_registers import Access, AxilRegisters
from cocotbext.virtio.clock_reset import ClockReset
from cocotbext.virtio.config import used_event
from cocotbext.virtio.fast.fast_axil_registers import FastAxilRegisters
from cocotbext.virtio.fast.fast_clock_reset import FastClockReset
from cocotbext.virtio.fast.record_stream import RecordStream
from cocotbext.virtio.registers import MsiCommand, Register
from cocotbext.virtio.uvm.sequences.raise_events import RaiseEvents
from cocotbext.virtio.uvm.sequences.spec_driver import SpecDriver

from tb.tests.support.base import EndpointTest
from tb.tests.support.bench import Bench
from tb.tests.support.settings import CONFIG

FIGURES = "figures.json"
SECONDS = float(os.environ.get("BENCH_SECONDS", "1"))
BATCH = 200  # accesses between two looks at the watch
LIST = 64  # accesses in a list

FAST = os.environ.get("BUS") == "fast"


def publish(count: int, seconds: float, cycles: int) -> None:
    """Leave the figures where the flow finds them."""
    Path(FIGURES).write_text(json.dumps({"count": count, "seconds": seconds, "cycles": cycles}))


async def repeat(clock: ClockReset, work: Callable[[], Awaitable[int]]) -> None:
    """Do *work*, which returns how much it did, until the time is over, and publish the rate.

    The time is the processor's, so that other load on the machine counts little.
    """
    await work()  # what the first time alone costs is not measured
    count, cycle, started = 0, clock.cycle, time.process_time()
    while time.process_time() - started < SECONDS:
        count += await work()
    publish(count, time.process_time() - started, clock.cycle - cycle)


async def started(dut: Any) -> ClockReset:
    """The design out of reset, every input that the masters do not drive at rest."""
    for name in (
        "event_valid",
        "event_index",
        "notify_ready",
        "queue_index",
        "config_rdata",
        "config_generation",
        "needs_reset",
        "m_axil_awready",
        "m_axil_wready",
        "m_axil_bvalid",
        "m_axil_bresp",
        "s_axil_awvalid",
        "s_axil_wvalid",
        "s_axil_arvalid",
        "s_axil_bready",
        "s_axil_rready",
        "s_axil_awprot",
        "s_axil_arprot",
    ):
        getattr(dut, name).value = 0
    dut.device_idle.value = 1
    dut.queue_stop_done.value = 1
    clock = ClockReset(dut.aclk, dut.aresetn)
    clock.start()
    await clock.reset()
    await clock.cycles(40)
    return clock


async def measure(clock: ClockReset, write: Callable, read: Callable) -> None:
    """Select a queue, read its largest size, and so on."""

    async def work() -> int:
        for number in range(BATCH // 2):
            await write(int(Register.QUEUE_SEL), number & 1)
            value = await read(int(Register.QUEUE_NUM_MAX))
            assert value == CONFIG.queue_num_max, value
        return BATCH

    await repeat(clock, work)


@cocotb.test(timeout_time=1, timeout_unit="sec")
async def cocotbext_axi(dut: Any) -> None:
    """Its log at WARNING: the line that it writes for every access would halve its speed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from cocotbext.axi import AxiLiteBus, AxiLiteMaster

        clock = await started(dut)
        master = AxiLiteMaster(AxiLiteBus.from_prefix(dut, "s_axil"), dut.aclk, dut.aresetn, reset_active_level=False)
        for log in (master.write_if.log, master.read_if.log):
            log.setLevel(logging.WARNING)
        await measure(clock, master.write_dword, master.read_dword)


@cocotb.test(timeout_time=1, timeout_unit="sec")
async def cocotb_bus(dut: Any) -> None:
    """The class that ours is derived from."""
    from cocotb_bus.drivers.amba import AXI4LiteMaster

    class Master(AXI4LiteMaster):
        _signals = AxilRegisters._signals

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        clock = await started(dut)
        master = Master(dut, "s_axil", dut.aclk, case_insensitive=False)
        await clock.cycles(1)

        async def read(address: int) -> int:
            return int(await master.read(address))

        await measure(clock, master.write, read)


async def _single(clock: ClockReset, master: Any) -> None:
    async def read(address: int) -> int:
        return (await master.read(address)).data

    await measure(clock, master.write, read)


async def _lists(clock: ClockReset, master: Any) -> None:
    async def work() -> int:
        accesses = [
            Access(bool(number % 2), Register.QUEUE_SEL if number % 2 else Register.QUEUE_NUM_MAX, number & 1)
            for number in range(LIST)
        ]
        for access in await master.burst(accesses):
            assert access.write or access.data == CONFIG.queue_num_max, access
        return LIST

    await repeat(clock, work)


@cocotb.test(timeout_time=1, timeout_unit="sec")
async def agent(dut: Any) -> None:
    """AxilRegisters, one access at a time."""
    clock = await started(dut)
    await _single(clock, AxilRegisters(dut, "s_axil", clock))


@cocotb.test(timeout_time=1, timeout_unit="sec")
async def agent_list(dut: Any) -> None:
    """AxilRegisters, lists of accesses back to back."""
    clock = await started(dut)
    await _lists(clock, AxilRegisters(dut, "s_axil", clock))


async def fast_master(dut: Any) -> tuple[ClockReset, FastAxilRegisters]:
    """The transactor alone: nobody else reads the record."""
    clock = FastClockReset(dut.aclk, dut.aresetn)
    stream = RecordStream(dut, clock)
    for name in (
        "needs_reset",
        "queue_index",
        "config_rdata",
        "config_generation",
        "fast_event_limit",
        "fast_bus_limit",
        "fast_event_given",
        "fast_answer_given",
        "fast_answer_control",
    ):
        getattr(dut, name).value = 0
    dut.device_idle.value = 1
    dut.queue_stop_done.value = 1
    clock.start()
    master = FastAxilRegisters(dut, stream, clock)
    await clock.reset()
    await clock.cycles(40)
    return clock, master


@cocotb.test(skip=not FAST, timeout_time=1, timeout_unit="sec")
async def fast(dut: Any) -> None:
    """The transactor, one access at a time."""
    await _single(*await fast_master(dut))


@cocotb.test(skip=not FAST, timeout_time=1, timeout_unit="sec")
async def fast_list(dut: Any) -> None:
    """The transactor, lists of accesses."""
    await _lists(*await fast_master(dut))


@cocotb.test(timeout_time=1, timeout_unit="sec")
async def free_run(dut: Any) -> None:
    """Nothing but the clock."""
    clock = (await fast_master(dut))[0] if FAST else await started(dut)

    async def work() -> int:
        await clock.cycles(5000)
        return 5000

    await repeat(clock, work)


@cocotb.test(timeout_time=1, timeout_unit="sec")
async def events(dut: Any) -> None:
    """Events, each of which becomes a message, with monitors, checks and scoreboard but without pyuvm."""
    bench = Bench(dut)
    await bench.start()
    await bench.bring_up()
    indices = [index % (CONFIG.num_queues + 1) for index in range(64)]

    async def work() -> int:
        before = bench.scoreboard.compared["events"]
        await bench.interface.event_source.burst(indices, gap=3)
        await bench.cycles(10)
        return bench.scoreboard.compared["events"] - before

    await repeat(bench.interface.clock, work)
    await bench.finish("events", "messages")


@cocotb.test(timeout_time=1, timeout_unit="sec")
async def accesses(dut: Any) -> None:
    """Register accesses in lists, with monitors, checks and scoreboard but without pyuvm; every queue has been set
    up."""
    bench = Bench(dut)
    await bench.start()
    await bench.bring_up()
    queues = CONFIG.num_queues

    async def work() -> int:
        done = [
            Access(bool(number % 2), Register.QUEUE_SEL if number % 2 else Register.QUEUE_NUM_MAX, number * 7 % queues)
            for number in range(LIST)
        ]
        await bench.interface.registers.burst(done)
        return LIST

    await repeat(bench.interface.clock, work)
    await bench.finish("register reads", "register writes")


@pyuvm.test(timeout_time=1, timeout_unit="sec")
class environment(EndpointTest):  # noqa: N801 - named as the subject
    """Register items and event items through sequencers, drivers, monitors and scoreboard; an item is a register
    access, an
    event or a message that the scoreboard compared."""

    expected = ("register reads", "register writes", "events", "messages")

    async def body(self) -> None:
        driver = SpecDriver(self.config)
        await driver.start(self.env.registers.sequencer)
        compared = self.env.scoreboard.compared
        kinds = ("register reads", "register writes", "events", "messages")
        events = [index % (self.config.num_queues + 1) for index in range(16)]
        queues = range(self.config.num_queues)

        async def work() -> int:
            before = sum(compared[kind] for kind in kinds)
            raising = cocotb.start_soon(RaiseEvents(*events).start(self.env.events.sequencer))
            for queue in queues:
                vector = used_event(queue)
                await driver.write_together(
                    (Register.QUEUE_SEL, queue),
                    (Register.MSI_VEC_SEL, vector),
                    (Register.MSI_CMD, MsiCommand.MASK),
                    (Register.MSI_DATA, 0x4000 + vector),
                    (Register.MSI_CMD, MsiCommand.CONFIGURE),
                    (Register.MSI_CMD, MsiCommand.UNMASK),
                )
                await driver.read(Register.MSI_VEC_STATE)
                await driver.read(Register.STATUS)
            await raising
            return sum(compared[kind] for kind in kinds) - before

        await repeat(self.interface.clock, work)
