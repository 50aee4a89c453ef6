# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What the sink of messages tells, on either path."""

import cocotb
from cocotb.triggers import Timer
from cocotbext.virtio.bfm.msi_sink import MsiSinkTiming
from cocotbext.virtio.config import used_event
from cocotbext.virtio.registers import MsiCommand

from tb.tests.support.bench import Bench

LIMITS = {"timeout_time": 1, "timeout_unit": "ms"}


async def started(dut) -> Bench:
    """A bench with messages on; the first queue has vector 1."""
    bench = Bench(dut)
    await bench.start()
    await bench.bring_up()
    return bench


@cocotb.test(**LIMITS)
async def waits_and_remembers(dut):
    """wait_for() ends in the cycle in which the last message is taken; address and data may be taken apart."""
    bench = await started(dut)
    sink = bench.interface.msi_sink
    wanted = bench.message_of(1)
    sink.know(*wanted)
    for number, held in enumerate(({}, {"address": False}, {"data": False}, {}), 1):
        if held:
            sink.hold(**held, responses=False)
        await bench.event(used_event(0))
        await bench.cycles(12)
        assert sink.taken == (number - 1 if held else number)
        if held:
            sink.release()
        await sink.wait_for(number)
        assert sink.taken == number and list(sink.messages) == [wanted] * number
        await bench.cycles(4)
        last = bench.messages[-1]
        assert len(bench.messages) == number and (last.address, last.data) == wanted
    waiting = cocotb.start_soon(sink.wait_for(5))
    await bench.event(used_event(0))
    await waiting
    await bench.cycles(1)
    last = bench.messages[-1]
    assert bench.interface.clock.cycle == max(last.taken, last.w_taken) + 1
    await bench.finish("messages")


@cocotb.test(**LIMITS)
async def a_reset_forgets_half_a_message(dut):
    """An address whose data never came does not belong to the data of the next life."""
    bench = await started(dut)
    sink = bench.interface.msi_sink
    sink.hold(address=False, responses=False)
    await bench.event(used_event(0))
    await bench.cycles(12)
    await bench.interface.clock.reset()
    sink.release()
    assert sink.taken == 0
    await bench.bring_up()
    await bench.event(used_event(1))
    await sink.wait_for(1)
    assert list(sink.messages) == [bench.message_of(2)]
    await bench.finish("messages")


@cocotb.test(expect_error=AssertionError, **LIMITS)
async def an_unknown_message_fails_at_once(dut):
    """Nobody asks the sink for it."""
    bench = await started(dut)
    bench.interface.msi_sink.know(*bench.message_of(1))
    await bench.command(MsiCommand.MASK, vector=1)
    await bench.event(used_event(1))
    await Timer(1, "us")
    cocotb.log.error("vector 2's message was taken, and the test went on")
    await Timer(2, "ms")  # beyond the limit: a SimTimeoutError is not what is expected


@cocotb.test(**LIMITS)
async def takes_in_the_cycle_after_a_release(dut):
    """Whether the edge's draw is made before or after the release: the message is taken with the next edge."""
    bench = await started(dut)
    sink = bench.interface.msi_sink
    sink.behave(MsiSinkTiming(awready=1e-9, wready=1e-9))
    await bench.event(used_event(0))  # taken, for ready is high until the first draw
    await bench.cycles(20)
    for number, waits in enumerate(((20,), (1,) * 20, (19, 1), (1, 19), (2,) * 10), sink.taken):
        await bench.event(used_event(0))
        for cycles in waits:
            await bench.cycles(cycles)
        assert sink.taken == number
        sink.release()
        await bench.cycles(2)
        assert sink.taken == number + 1, f"not taken after {waits}"
    await bench.finish("messages")
