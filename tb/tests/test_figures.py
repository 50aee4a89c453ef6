# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The contract's figures, measured in cycles from one handshake to another, on an idle endpoint and a ready bus."""

import random

import cocotb
from cocotbext.virtio.bfm.axil_registers import Access
from cocotbext.virtio.config import NO_VECTOR, used_event
from cocotbext.virtio.registers import MsiCommand, Register

from tb.tests.support.covers import covers
from tb.tests.support.directed import CONFIG, MSI, SHARING, TIMEOUT, WORKING, started
from tb.tests.support.large import SAMPLE, pend, prepare

QUEUES, VECTORS = CONFIG.num_queues, CONFIG.num_vectors
EVENT_LIMIT = 2 if VECTORS <= 16 else 4  # cycles from an event to its message
UNMASK_LIMIT = 3 if VECTORS <= 16 else 5  # cycles from UNMASK to the message that was pending


def rate(cycles: list[int]) -> float:
    """Things per cycle, from the cycles in which they were."""
    return len(cycles) / (cycles[-1] - cycles[0] + 1)


async def own_vectors(dut) -> tuple:
    """A working endpoint and (event, vector) pairs that cover the first and the last vectors."""
    bench = await prepare(dut)
    await bench.configure_all(SAMPLE)
    if SHARING:
        queues = [*range(min(QUEUES, len(SAMPLE)))]
        pairs = [(used_event(queue), vector) for queue, vector in zip(queues, SAMPLE, strict=False)]
        for queue, (_, vector) in zip(queues, pairs, strict=True):
            await bench.map_queue(queue, vector)
    else:
        pairs = [(vector, vector) for vector in SAMPLE if vector <= QUEUES]
    await bench.command(MsiCommand.ENABLE)
    await bench.write(Register.STATUS, WORKING | 4)
    await bench.settle()
    return bench, pairs


@cocotb.test(skip=not MSI, **TIMEOUT)
@covers("figure event", "rule 4")
async def event_to_message(dut):
    """Event accepted -> AWVALID and WVALID, from every vector to every other."""
    bench, pairs = await own_vectors(dut)
    latencies = bench.scoreboard.statistics.latencies
    for _ in range(4):
        for event, vector in random.sample(pairs, len(pairs)):
            accepted = await bench.event(event)
            await bench.cycles(8)
            message = bench.messages[-1]
            assert (message.address, message.data) == bench.message_of(vector)
            assert message.presented == message.taken == message.w_taken, "AW and W are presented together"
            latencies.append(message.presented - accepted)
    cocotb.log.info("event to message: at most %d cycles with %d vectors", max(latencies), VECTORS)
    assert 1 <= max(latencies) <= EVENT_LIMIT
    await bench.finish("messages")


@cocotb.test(skip=not MSI, **TIMEOUT)
@covers("figure unmask", "rule 6")
async def unmask_to_message(dut):
    """UNMASK accepted -> AWVALID of the pending message."""
    bench, pairs = await own_vectors(dut)
    worst = 0
    for event, vector in random.sample(pairs, len(pairs)):
        await bench.mask(vector)
        await bench.event(event)
        await bench.cycles(10)
        access = await bench.interface.registers.write(Register.MSI_CMD, MsiCommand.UNMASK)
        await bench.cycles(8)
        message = bench.messages[-1]
        assert message.address == bench.message_of(vector)[0]
        worst = max(worst, message.presented - access.accepted)
    cocotb.log.info("UNMASK to message: at most %d cycles with %d vectors", worst, VECTORS)
    bench.scoreboard.statistics.measured["unmask_to_message"] = worst
    assert 1 <= worst <= UNMASK_LIMIT
    await bench.finish("messages")


@cocotb.test(skip=not MSI, **TIMEOUT)
@covers("figure rate")
async def one_message_per_cycle(dut):
    """Many vectors pending, the bus always ready: one message each cycle, from the first to the last."""
    bench = await prepare(dut)
    await bench.configure_all(SAMPLE)
    count = len(await pend(bench, SAMPLE))
    await bench.write(Register.STATUS, WORKING | 4)
    while len(bench.messages) < count:
        await bench.cycles(8)
    cycles = [message.presented for message in bench.messages[:count]]
    bench.scoreboard.statistics.measured["messages_per_cycle"] = rate(cycles)
    assert cycles == list(range(cycles[0], cycles[0] + count)), "a cycle without a message"
    await bench.finish("messages")


@cocotb.test(**TIMEOUT)
@covers("figure bus")
async def one_write_and_one_read_per_cycle(dut):
    """Control registers, back to back, both directions at once: an access of each each cycle, requests and
    responses."""
    bench = await started(dut)
    await bench.negotiate()
    count = 64
    words = [random.getrandbits(32) for _ in range(count)]
    target = Register.MSI_DATA if MSI else Register.DEVICE_FEATURES_SEL
    writes = [Access(True, target, word) for word in words]
    reads = [
        Access(False, random.choice((Register.MAGIC_VALUE, Register.VENDOR_ID, Register.STATUS))) for _ in range(count)
    ]
    await bench.interface.registers.burst([access for pair in zip(writes, reads, strict=True) for access in pair])
    for kind, accesses in (("writes", writes), ("reads", reads)):
        bench.scoreboard.statistics.measured[f"register_{kind}_per_cycle"] = rate(
            [access.accepted for access in accesses]
        )
        for times in ([access.accepted for access in accesses], [access.completed for access in accesses]):
            assert times == list(range(times[0], times[0] + count)), "a cycle without an access"
    for read in reads:
        assert (
            read.data
            == {Register.MAGIC_VALUE: 0x74726976, Register.VENDOR_ID: CONFIG.vendor_id, Register.STATUS: WORKING}[
                read.address
            ]
        )
    if MSI:
        assert await bench.read(target) == words[-1]
    await bench.finish("register reads")


@cocotb.test(skip=not MSI, **TIMEOUT)
@covers("figure bus")
async def one_command_per_cycle(dut):
    """CONFIGURE, MASK, UNMASK and ENABLE are writes like others: they do not slow the bus down."""
    bench = await started(dut)
    await bench.negotiate()
    commands = [MsiCommand.MASK, MsiCommand.UNMASK, MsiCommand.CONFIGURE, MsiCommand.ENABLE] * 10
    writes = [Access(True, Register.MSI_CMD, command) for command in commands]
    await bench.interface.registers.burst(writes)
    cycles = [access.accepted for access in writes]
    assert cycles == list(range(cycles[0], cycles[0] + len(writes)))
    await bench.finish("register writes")


@cocotb.test(skip=not MSI, **TIMEOUT)
@covers("rule 9")
async def conversion_time(dut):
    """ENABLE's conversion is over within one cycle for each queue, and a few: events are accepted again."""
    bench = await prepare(dut, ready=(0, QUEUES - 1))
    await bench.configure_all(SAMPLE)
    if SHARING:
        await bench.map_queue(0, 1)
        await bench.map_queue(QUEUES - 1, VECTORS - 1)
    await bench.write(Register.STATUS, WORKING | 4)
    await bench.event(used_event(0))
    await bench.settle()
    await bench.write(Register.MSI_VEC_SEL, NO_VECTOR)
    access = await bench.interface.registers.write(Register.MSI_CMD, MsiCommand.ENABLE)
    event = await bench.event(0)
    await bench.settle()
    await bench.settle()
    assert event - access.accepted <= QUEUES + 6
    assert bench.messages[-1].presented - access.accepted <= QUEUES + 12
    addresses = {message.address for message in bench.messages}
    expected = {bench.message_of(vector)[0] for vector in ((1, VECTORS - 1) if SHARING else (1, QUEUES))}
    assert expected <= addresses
    await bench.finish("messages")
