# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The interrupt line, InterruptStatus and InterruptACK: the endpoint without MSI."""

import random

import cocotb
from cocotbext.virtio.config import EVENT_CONFIG, used_event
from cocotbext.virtio.registers import MsiCommand, Register, StatusBit

from tb.tests.support.covers import covers
from tb.tests.support.directed import CHANGED, MSI, TIMEOUT, USED, working


@cocotb.test(**TIMEOUT)
@covers("rule 2", "MMIO-50", "MMIO-52", "MMIO-57", "MSI-14")
async def each_event_sets_its_bit(dut):
    """Every queue sets bit 0, the configuration change sets bit 1, no other bit is ever set, no message is sent."""
    bench = await working(dut, msi=False)
    for queue in range(bench.config.num_queues):
        await bench.event(used_event(queue))
        await bench.expect_line(USED)
        await bench.acknowledge(USED)
        await bench.expect_line(0)
    await bench.event(EVENT_CONFIG)
    await bench.expect_line(CHANGED)
    await bench.event(used_event(0))
    await bench.expect_line(USED | CHANGED)
    await bench.expect_messages()
    await bench.finish("line changes", "events")


@cocotb.test(**TIMEOUT)
@covers("MMIO-51", "MMIO-52")
async def acknowledge_clears_what_is_written(dut):
    """Bits written as 1 are cleared, others stay, undefined ones are ignored; the line falls with the last bit."""
    bench = await working(dut, msi=False)
    everything = USED | CHANGED
    for value in (*range(8), 0xFFFFFFFC, 0xFFFFFFFD, 0xFFFFFFFE, 0xFFFFFFFF, 0x100, 0x101):
        await bench.events(EVENT_CONFIG, used_event(0))
        await bench.expect_line(everything)
        await bench.acknowledge(value)
        await bench.expect_line(everything & ~value)
        await bench.acknowledge(everything)
    await bench.finish("line changes", "events")


@cocotb.test(**TIMEOUT)
@covers("MMIO-5", "MMIO-51")
async def narrow_acknowledge(dut):
    """InterruptACK with a byte lane missing, or unaligned, clears nothing."""
    bench = await working(dut, msi=False)
    await bench.events(EVENT_CONFIG, used_event(0))
    for strobe in range(15):
        await bench.interface.registers.write(Register.INTERRUPT_ACK, 3, strobe)
    for byte in (1, 2, 3):
        await bench.interface.registers.write(Register.INTERRUPT_ACK + byte, 0xFFFFFFFF)
    await bench.write(Register.INTERRUPT_STATUS, 3)
    await bench.expect_line(USED | CHANGED)
    await bench.finish("register writes", "events")


@cocotb.test(**TIMEOUT)
@covers("MMIO-52", "MMIO-53")
async def line_rises_again(dut):
    """An event raises the line anew, however it falls to an acknowledge of its bit: an edge for an edge-triggered
    controller. The one whose bit is set in the cycle of the acknowledge wins over it, and the line stays up."""
    bench = await working(dut, msi=False)
    levels = []
    bench.interface.line_monitor.add_callback(lambda change: levels.append(change.level))
    stayed = set()
    for offset in (*range(-6, 7), 20):  # cycles from the acknowledge to the event
        for index, bit in ((used_event(0), USED), (EVENT_CONFIG, CHANGED)):
            race = await bench.race(Register.INTERRUPT_ACK, bit, index, offset)
            status = await _settled_status(bench)
            assert levels[:1] == [1], f"the event {offset} cycles after the acknowledge never raised the line"
            if race.event >= race.written:
                assert status == bit, f"the event {offset} cycles after the acknowledge was taken back"
            if status:
                stayed.add(offset)
            await bench.acknowledge(status)
            await bench.settle()
            assert levels == [1, 0]
            levels.clear()
    assert -6 not in stayed and 0 in stayed, f"the acknowledge met the event nowhere: {sorted(stayed)}"
    await bench.finish("line changes", "events")


async def _settled_status(bench) -> int:
    await bench.settle()
    return await bench.interrupt_status()


@cocotb.test(**TIMEOUT)
@covers("rule 2", "MMIO-53")
async def no_event_is_lost(dut):
    """An event storm with a driver that acknowledges all the time, also before it has seen anything: every event
    that finds its bit clear raises it, so that the driver gets an edge or a bit."""
    bench = await working(dut, msi=False)
    rises = 0

    def count(change):
        nonlocal rises
        rises += change.level

    bench.interface.line_monitor.add_callback(count)
    for number in range(66):
        offset, kind = number % 11 - 5, number // 11 % 2  # each kind meets the acknowledge at each offset
        index = random.randint(1, bench.config.num_queues) if kind else EVENT_CONFIG
        before = rises
        await bench.race(Register.INTERRUPT_ACK, USED | CHANGED, index, offset)
        await bench.settle()
        assert rises == before + 1, f"event {index} met an acknowledge and is lost"
        await bench.acknowledge()
        await bench.expect_line(0)
        burst = random.choices(range(bench.config.num_queues + 1), k=random.randint(1, 4))
        storm = cocotb.start_soon(bench.interface.event_source.burst(burst, gap=random.randint(0, 3)))
        handled = 0
        while not storm.done():
            status = await bench.interrupt_status()
            await bench.acknowledge(status)
            handled |= status
        await bench.settle()
        handled |= await bench.interrupt_status()
        await bench.acknowledge()
        assert handled == (CHANGED if EVENT_CONFIG in burst else 0) | (USED if any(burst) else 0)
        await bench.expect_line(0)
        last, bit = random.choice(((EVENT_CONFIG, CHANGED), (used_event(0), USED)))
        race = await bench.race(Register.INTERRUPT_ACK, USED | CHANGED, last, random.randint(-2, 2))
        await bench.settle()
        if race.event >= race.written:
            await bench.expect_line(bit)
        await bench.acknowledge()
        await bench.expect_line(0)
    await bench.finish("line changes", "events")


@cocotb.test(**TIMEOUT)
@covers("rule 12", "MSI-39")
async def queues_that_are_not_there(dut):
    """Events of queues that are not ready, or do not exist, are accepted and dropped, for every index up to 65535."""
    bench = await working(dut, msi=False)
    last = bench.config.num_queues - 1
    await bench.write(Register.QUEUE_SEL, last)
    await bench.write(Register.QUEUE_READY, 0)
    for index in (
        used_event(last),
        last + 2,
        last + 3,
        0x100,
        0x101,
        0x400,
        0x401,
        0x7FFF,
        0x8000,
        0x8001,
        0xFFFE,
        0xFFFF,
    ):
        await bench.event(index)
        await bench.expect_line(0)
    await bench.write(Register.QUEUE_READY, 1)
    await bench.event(used_event(last))
    await bench.expect_line(USED)
    await bench.write(Register.QUEUE_READY, 0)  # withdraws nothing
    await bench.expect_line(USED)
    await bench.finish("events", "line changes")


@cocotb.test(**TIMEOUT)
@covers("rule 11", "MMIO-12", "MMIO-14")
async def reset_lowers_the_line(dut):
    """Writing Status = 0 lowers the line inside the write and forgets both bits."""
    bench = await working(dut, msi=False)
    await bench.events(EVENT_CONFIG, used_event(0))
    await bench.interface.line_monitor.wait_for(1)
    await bench.write(Register.STATUS, 0)
    assert int(dut.irq.value) == 0
    await bench.bring_up(msi=False)
    await bench.expect_line(0)
    await bench.finish("line changes", "device resets")


@cocotb.test(**TIMEOUT)
@covers("MMIO-52", "rule 10")
async def driver_ok_taken_back(dut):
    """Nothing is notified without DRIVER_OK, and nothing is forgotten either."""
    bench = await working(dut, msi=False)
    await bench.event(used_event(0))
    await bench.expect_line(USED)
    status = await bench.read(Register.STATUS)
    await bench.write(Register.STATUS, status & ~StatusBit.DRIVER_OK)
    await bench.expect_line(0)
    await bench.write(Register.STATUS, status)
    await bench.expect_line(USED)
    await bench.finish("line changes")


@cocotb.test(skip=not MSI, **TIMEOUT)
@covers("MSI-14", "MSI-15", "MSI-13", "rule 9")
async def line_after_msi(dut):
    """ENABLE..DISABLE without a reset leaves a working line."""
    bench = await working(dut)
    await bench.event(used_event(0))
    await bench.expect_messages(1)
    await bench.expect_line(0)
    await bench.command(MsiCommand.DISABLE)
    for index, bit in ((used_event(0), USED), (EVENT_CONFIG, CHANGED)):
        await bench.event(index)
        await bench.expect_line(bit)
        await bench.acknowledge(bit)
        await bench.expect_line(0)
    await bench.expect_messages()
    await bench.finish("line changes", "messages")


@cocotb.test(**TIMEOUT)
@covers("rule 2", "MMIO-50")
async def bit_appears_in_time(dut):
    """An event is a bit, and the line is up, at most 4 cycles after its acceptance."""
    bench = await working(dut, msi=False)
    rises = []
    bench.interface.line_monitor.add_callback(lambda change: rises.append(change.cycle))
    for index in range(bench.config.num_queues + 1):
        accepted = await bench.event(index)
        await bench.cycles(8)
        assert 1 <= rises[-1] - accepted <= 4
        await bench.acknowledge()
        await bench.expect_line(0)
    assert len(set(rises)) == 2 * (bench.config.num_queues + 1)
    await bench.finish("line changes")
