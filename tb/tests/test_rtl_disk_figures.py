# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
"""virtio_mmio_blk_axi: cycles for a request, idle and loaded, beside the promise. Figures are logged, not judged."""

import cocotb
from cocotbext.virtio.bfm.axi_memory import MemoryTiming
from cocotbext.virtio.registers import Register

from tb.tests.support.disk_requests import IN, header
from tb.tests.test_rtl_disk import QUEUES, WANTED, BlkBench


@cocotb.test(timeout_time=60, timeout_unit="ms")
async def figures(dut):
    """Reads of a sector, beside the promise: idle 7 L + 150, loaded max(72, (3 L + 110) / 16) cycles, at 64 bits."""
    for latency in (1, 20, 100):
        timing = MemoryTiming((latency, latency), (latency, latency))
        bench = BlkBench(dut, timing, MemoryTiming()) if latency == 1 else bench  # noqa: F821
        bench.axi.timing = timing
        if latency == 1:
            await bench.start()
        await bench.bring_up([64] * QUEUES, WANTED, msi=True, rings=0)
        queue, cycles = bench.queues[0], []
        for _ in range(3):
            buffer = await bench.add(0, [header(IN, 1)], [512, 1])
            bench.messages.counts.clear()
            await bench.kick()
            start = bench.clock.cycle
            while not bench.messages.counts:
                await bench.cycles(1)
            cycles.append(bench.clock.cycle - start)
            assert queue.used() == [buffer]
        number, sizes = 0, 40
        for _ in range(21):
            await bench.add(0, [header(IN, 1)], [512, 1], cookie=None)
        start = bench.clock.cycle
        await bench.registers.write(Register.QUEUE_NOTIFY, 0)
        seen = []
        while number < sizes:
            for _ in queue.used():
                number += 1
                seen.append(bench.clock.cycle)
                if number < sizes and await bench.add(0, [header(IN, 1)], [512, 1]) is not None:
                    await bench.kick()
            await bench.cycles(5)
        each = (seen[-1] - seen[9]) / (len(seen) - 10)
        dut._log.info(
            f"L = {latency}: idle {min(cycles)} (promise {7 * latency + 150}), "
            f"loaded {each:.1f} (promise {max(72, (3 * latency + 110) / 16):.0f})"
        )
