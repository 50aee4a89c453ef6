# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Every bit of every table word, both ways: random words, their complements, and the random words again."""

import itertools
import random

import cocotb
from cocotbext.virtio.config import EVENT_CONFIG, used_event
from cocotbext.virtio.registers import MsiCommand, Register

from tb.tests.support.covers import covers
from tb.tests.support.directed import MSI, SHARING, WORKING
from tb.tests.support.large import QUEUES, VECTORS, map_to, prepare

LONG = {"timeout_time": 5, "timeout_unit": "ms"}
WORD, ADDRESS = 0xFFFF_FFFF, 0xFFFF_FFFF_FFFF_FFFF
RINGS = (
    Register.QUEUE_DESC_LOW,
    Register.QUEUE_DESC_HIGH,
    Register.QUEUE_DRIVER_LOW,
    Register.QUEUE_DRIVER_HIGH,
    Register.QUEUE_DEVICE_LOW,
    Register.QUEUE_DEVICE_HIGH,
)
ALL_QUEUES = range(min(QUEUES, 256))
SOME_VECTORS = range(min(VECTORS, QUEUES + 1, 64))  # each has an event, in both modes


@cocotb.test(**LONG)
@covers("choice 5")
async def every_row_of_the_queue_table(dut):
    """Size and addresses of every queue, with every bit 0 and 1: each row shows its own, and what another row holds
    does
    not matter."""
    bench = await prepare(dut, ready=())
    rows = {queue: [random.getrandbits(32) for _ in range(1 + len(RINGS))] for queue in ALL_QUEUES}
    for flip in (0, WORD, 0):
        for queue, values in rows.items():
            writes = zip((Register.QUEUE_NUM, *RINGS), (value ^ flip for value in values))
            await bench.burst((Register.QUEUE_SEL, queue), *writes)
        for queue in random.sample(ALL_QUEUES, len(ALL_QUEUES)):
            bench.scoreboard.row_shown(queue, await bench.interface.queue_table.row(queue))
    await bench.finish("queue table rows")


async def with_messages(dut):
    """Queues ready and MSI on, DRIVER_OK; no vector is configured yet, and none mapped in sharing mode."""
    bench = await prepare(dut, ready=ALL_QUEUES)
    await bench.command(MsiCommand.ENABLE)
    await bench.write(Register.STATUS, WORKING | 4)
    await bench.settle()
    return bench


async def sent(bench, event: int) -> list[tuple[int, int]]:
    """Raise an event; the messages that come of it."""
    bench.messages.clear()
    await bench.event(event)
    await bench.cycles(8)
    return [(message.address, message.data) for message in bench.messages]


@cocotb.test(skip=not MSI, **LONG)
@covers("rule 7", "MSI-17", "MSI-18")
async def every_bit_of_a_message(dut):
    """All bits of the address from 2 on and all 32 of the data of every vector go out as they were written, 0 and 1."""
    bench = await with_messages(dut)
    messages = {vector: (random.getrandbits(62) << 2, random.getrandbits(32)) for vector in SOME_VECTORS}
    if SHARING:
        for vector in SOME_VECTORS:
            await (map_to(bench, vector - 1, vector) if vector else bench.map_config(0))
    for flip in (0, ADDRESS, 0):
        for vector, (address, data) in messages.items():
            address, data = address ^ flip & ~3, data ^ flip & WORD
            await bench.burst(
                (Register.MSI_VEC_SEL, vector),
                (Register.MSI_ADDR_LOW, address & WORD),
                (Register.MSI_ADDR_HIGH, address >> 32),
                (Register.MSI_DATA, data),
                (Register.MSI_CMD, MsiCommand.CONFIGURE),
            )
        for vector, (address, data) in messages.items():
            assert await sent(bench, vector) == [(address ^ flip & ~3, data ^ flip & WORD)], f"vector {vector}"
    await bench.finish("messages", "events")


@cocotb.test(skip=not SHARING, **LONG)
@covers("rule 8", "MSI-20", "MSI-22")
async def every_bit_of_a_mapping(dut):
    """Every queue is mapped to vectors whose numbers have every bit 0 and 1, and each shows its own."""
    bench = await with_messages(dut)
    highest = 1 << (VECTORS - 1).bit_length() - 1
    for vector in (0, highest - 1, 0, highest, 0):
        mapped = {queue: min(vector + queue % 2, VECTORS - 1) for queue in ALL_QUEUES}
        writes = (
            ((Register.QUEUE_SEL, queue), (Register.MSI_VEC_SEL, to), (Register.MSI_CMD, MsiCommand.MAP_QUEUE))
            for queue, to in mapped.items()
        )
        await bench.burst(*itertools.chain.from_iterable(writes))
        for queue in random.sample(ALL_QUEUES, min(QUEUES, 40)):
            assert await bench.mapping(queue) == mapped[queue]
    await bench.finish("register reads")


@cocotb.test(skip=not SHARING, **LONG)
@covers("rule 9", "MSI-15")
async def both_causes_of_every_vector(dut):
    """Masked and pending for a configuration change, and later for a used buffer: DISABLE tells them apart on every
    vector."""
    bench = await with_messages(dut)
    for vector in SOME_VECTORS:
        await bench.map_config(vector)
        await map_to(bench, 0, vector)
        await bench.mask(vector)
        for event, bits in ((EVENT_CONFIG, 2), (used_event(0), 1)):
            await bench.event(event)
            await bench.cycles(4)
            await bench.command(MsiCommand.DISABLE)
            assert await bench.interrupt_status() == bits, f"vector {vector}"
            await bench.acknowledge()
            await bench.command(MsiCommand.ENABLE)
    await bench.finish("events")
