# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
"""virtio_mmio_blk_axi: cycles for a request, idle and loaded, beside the promise. Figures are logged, not judged."""

import cocotb
from cocotbext.virtio.bfm.axi_memory import MemoryTiming
from cocotbext.virtio.registers import Register

from tb.tests.support.disk_requests import IN, header
from tb.tests.test_rtl_disk import QUEUES, WANTED, BlkBench

AROUND = 4  # cycles from the register write answered to the kick, and from the event to the message presented


async def idle(bench) -> int:
    """Cycles of one read of a sector: from the answer of the register write to the message presented, less AROUND."""
    buffer = await bench.add(0, [header(IN, 1)], [512, 1])
    bench.messages.counts.clear()
    await bench.kick()
    start = bench.clock.cycle
    while not int(bench.dut.m_axil_awvalid.value):
        await bench.clock.edge
    cycles = bench.clock.cycle - start
    while not bench.messages.counts:
        await bench.clock.edge
    assert bench.queues[0].used() == [buffer]
    await bench.cycles(8 * bench.axi.timing.read_latency[1] + 200)
    return cycles - AROUND


async def loaded(bench) -> float:
    """Cycles each of reads of a sector, about 20 at a time."""
    queue, seen, count = bench.queues[0], [], 40
    for _ in range(21):
        await bench.add(0, [header(IN, 1)], [512, 1])
    await bench.registers.write(Register.QUEUE_NOTIFY, 0)
    while len(seen) < count:
        for _ in queue.used():
            seen.append(bench.clock.cycle)
            if len(seen) < count and await bench.add(0, [header(IN, 1)], [512, 1]) is not None:
                await bench.kick()
        await bench.cycles(5)
    return (seen[-1] - seen[9]) / (len(seen) - 10)


@cocotb.test(timeout_time=60, timeout_unit="ms")
async def figures(dut):
    """Reads of a sector, beside the promise: idle 7 L + 150, loaded max(72, (3 L + 110) / 16) cycles, at 64 bits.

    The promise is for descriptors that follow one another in the table, and data aligned to 64 bytes. Descriptors in
    any order cost a latency for each jump: then the next one is where the last one says.
    """
    bench = BlkBench(dut, MemoryTiming(), MemoryTiming())
    await bench.start()
    for latency in (1, 20, 100):
        bench.axi.timing = MemoryTiming((latency, latency), (latency, latency))
        figures = {}
        for order in ("in order", "scattered"):
            await bench.bring_up([64] * QUEUES, WANTED, msi=True, rings=0)
            queue = bench.queues[0]
            queue.placement.alignment = 64
            if order == "in order":
                queue.rng = None
            await idle(bench)  # the first one teaches how long chains are
            figures[order] = await idle(bench)
            if order == "in order":
                figures["loaded"] = await loaded(bench)
        dut._log.info(
            f"L = {latency}: idle {figures['in order']} (promise {7 * latency + 150}; scattered "
            f"{figures['scattered']}), loaded {figures['loaded']:.1f} (promise {max(72, (3 * latency + 110) / 16):.0f})"
        )
