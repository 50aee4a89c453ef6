# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Tests of the fast path itself, on the endpoint."""

import cocotb
from cocotb.triggers import Timer
from cocotbext.virtio.bfm.axil_registers import Access
from cocotbext.virtio.bfm.knobs import Knobs
from cocotbext.virtio.checks import Violation
from cocotbext.virtio.checks.always_on import REGISTER_LIMIT
from cocotbext.virtio.registers import Register

from tb.tests.support.bench import Bench

LIMITS = {"timeout_time": 1, "timeout_unit": "ms"}


async def started(dut, knobs: Knobs = Knobs()) -> Bench:
    """A bench out of reset, its endpoint with its tables cleared."""
    bench = Bench(dut, knobs)
    await bench.start()
    await bench.cycles(40)
    return bench


def mixed(count: int) -> list[Access]:
    """Writes of QueueSel and reads of QueueNumMax in turn."""
    return [
        Access(bool(number % 2), Register.QUEUE_SEL if number % 2 else Register.QUEUE_NUM_MAX, 0)
        for number in range(count)
    ]


@cocotb.test(**LIMITS)
async def long_reset(dut):
    """A reset that waits for its device longer than the register bus may stand still: this is recorded, and excused.

    The first test: no entry of the transactor's list has been written but those used, so an idle address is unknown.
    """
    bench = await started(dut)
    bench.interface.device_state.idle = False
    access = bench.interface.registers.submit(Access(True, Register.STATUS, 0))
    await bench.cycles(2 * REGISTER_LIMIT)
    assert not access.finished
    bench.interface.device_state.idle = True
    await access.wait()
    await bench.finish("register writes")


@cocotb.test(**LIMITS)
async def long_list(dut):
    """More accesses than fit into the list, and than the transactor has room for: one a cycle in each direction."""
    bench = await started(dut)
    accesses = await bench.interface.registers.burst(mixed(1400))
    for kind in (True, False):
        cycles = [access.accepted for access in accesses if access.write is kind]
        assert cycles == list(range(cycles[0], cycles[0] + 700)), (
            f"gaps between the accesses of a list (writes: {kind})"
        )
    assert all(access.data == bench.config.queue_num_max for access in accesses if not access.write)
    await bench.finish("register writes", "register reads")


@cocotb.test(**LIMITS)
async def backpressure(dut):
    """The responses of a list wait for their master, and nothing is lost."""
    bench = await started(dut, Knobs.heavy())
    accesses = await bench.interface.registers.burst(mixed(300))
    assert any(later.completed - access.completed > 4 for access, later in zip(accesses[1::2], accesses[3::2]))
    await bench.finish("register writes", "register reads")


@cocotb.test(**LIMITS)
async def many_at_once(dut):
    """Tasks that wake in one time step give their accesses together."""
    bench = await started(dut)

    async def use(count: int) -> None:
        for _ in range(count):
            await bench.write(Register.QUEUE_SEL, 0)
            assert await bench.read(Register.QUEUE_NUM_MAX) == bench.config.queue_num_max

    tasks = [cocotb.start_soon(use(20)) for _ in range(6)]
    for task in tasks:
        await task
    await bench.finish("register writes", "register reads")
    assert bench.scoreboard.compared["register writes"] == bench.scoreboard.compared["register reads"] == 120


@cocotb.test(**LIMITS)
async def between_edges(dut):
    """What is submitted between two clock edges comes with the cycle after the next one, as from Python."""
    bench = await started(dut)
    await Timer(3, "ns")
    cycle = bench.interface.clock.cycle
    access = await bench.interface.registers.write(Register.QUEUE_SEL, 0)
    assert access.accepted == cycle + 2
    await bench.finish("register writes")


@cocotb.test(**LIMITS)
async def cut_off(dut):
    """aresetn ends a list: what was not answered is aborted, waiters go on, and the next access works."""
    bench = await started(dut)
    accesses = mixed(500)
    burst = cocotb.start_soon(bench.interface.registers.burst(accesses))
    events = cocotb.start_soon(bench.interface.event_source.burst([0] * 200, gap=3))
    await bench.cycles(30)
    await bench.interface.clock.reset()
    await burst
    assert None in await events
    aborted = [access.aborted for access in accesses]
    assert True in aborted and False in aborted
    assert aborted[1::2] == sorted(aborted[1::2]) and aborted[::2] == sorted(aborted[::2]), (
        "aborted before the last one answered"
    )
    assert bench.interface.registers.idle and bench.interface.event_source.idle
    assert await bench.read(Register.QUEUE_NUM_MAX) == bench.config.queue_num_max
    await bench.finish("register reads")


@cocotb.test(expect_error=Violation, **LIMITS)
async def rule_broken(dut):
    """The recorder notices a bus without progress by itself: nobody asks it."""
    bench = await started(dut)
    dut.fast_bus_limit.value = 1
    bench.interface.registers.submit(Access(True, Register.QUEUE_SEL, 0))
    await Timer(1, "us")
