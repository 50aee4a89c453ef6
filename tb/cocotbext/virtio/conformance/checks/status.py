# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Status, reset, and what must not happen before DRIVER_OK."""

from cocotbext.virtio.bfm.axi_memory import MemoryTiming
from cocotbext.virtio.conformance.bench import Bench, Blocked
from cocotbext.virtio.conformance.guest import Guest
from cocotbext.virtio.conformance.registry import check
from cocotbext.virtio.conformance.workload import started
from cocotbext.virtio.memory_transactions import MemoryRead, MemoryWrite
from cocotbext.virtio.registers import Register, StatusBit


async def _all_clear(bench: Bench, guest: Guest, when: str) -> None:
    status = await bench.read(Register.STATUS)
    bench.expect(status == 0, f"Status reads {status:#x} {when}")
    pending = await bench.read(Register.INTERRUPT_STATUS)
    bench.expect(pending == 0, f"InterruptStatus reads {pending:#x} {when}")
    bench.expect(bench.line.level == 0, f"irq is high {when}")
    for index in range(4):
        await bench.write(Register.QUEUE_SEL, index)
        ready = await bench.read(Register.QUEUE_READY)
        bench.expect(ready == 0, f"QueueReady of queue {index} reads {ready} {when}")


@check("After power-up everything reads as after a reset", "MUST", "4.2.2.1", "MMIO-11 MMIO-14", "irq")
async def power_up(bench: Bench) -> None:
    await _all_clear(bench, Guest(bench), "after aresetn")


@check("Status holds the bits that the driver wrote", "MUST", "2.1", "MMIO-17")
async def status_is_kept(bench: Bench) -> None:
    """No word on DEVICE_NEEDS_RESET: that a driver cannot set the bit is nowhere demanded."""
    guest = Guest(bench)
    await guest.reset()
    value = 0
    for bit in (StatusBit.ACKNOWLEDGE, StatusBit.DRIVER):
        value |= bit
        await bench.write(Register.STATUS, value)
        status = await bench.read(Register.STATUS)
        bench.expect(status == value, f"Status reads {status:#x} after {value:#x} was written")
    await bench.write(Register.STATUS, value | StatusBit.FAILED)
    status = await bench.read(Register.STATUS)
    bench.expect(bool(status & StatusBit.FAILED), f"Status reads {status:#x} after FAILED was written")


@check(
    "A reset clears Status, InterruptStatus, the line and every QueueReady",
    "MUST",
    "4.2.2.1",
    "MMIO-11 MMIO-14",
    "irq rings",
)
async def reset_clears(bench: Bench) -> None:
    guest, work = await started(bench)
    work.post(work.request())
    await guest.kick(work.queue)
    await bench.until(lambda: bench.line.level == 1)  # leave something to clear
    await guest.reset()
    await _all_clear(bench, guest, "after a reset")


@check("A reset without queues clears Status and QueueReady", "MUST", "4.2.2.1", "MMIO-11 MMIO-14", "irq")
async def reset_clears_queue_ready(bench: Bench) -> None:
    guest = Guest(bench)
    await guest.negotiate()
    await guest.all_queues(queues=2)
    await guest.reset()
    await _all_clear(bench, guest, "after a reset")


@check(
    "After a reset the device works again, from the beginning of its rings", "MUST", "2.4.1", "MMIO-15 MMIO-42", "rings"
)
async def life_after_reset(bench: Bench) -> None:
    guest, work = await started(bench)
    if not await work.run(5, what="before the reset"):
        raise Blocked("the device stops before its reset")
    for life in range(3):
        await guest.bring_up(size=(8, 4, 16)[life])
        await work.prepare()
        if not await work.run(6, 2, what=f"life {life + 2}"):
            return


@check("After Status reads 0, no memory is touched and nothing is notified", "MUST", "2.4.1", "MMIO-12", "m_axi irq")
async def reset_in_flight(bench: Bench) -> None:
    guest, work = await started(bench)
    axi = bench.axi
    seen = False
    for delay in (0, 1, 3, 7, 15, 30, 60, 100, 160):
        work.post_some(3)
        await guest.kick(work.queue)
        await bench.clock.cycles(delay)
        busy = axi.outstanding
        await guest.reset()
        cycle = bench.clock.cycle
        bench.expect(
            axi.outstanding == 0,
            f"{axi.outstanding} memory transactions are outstanding when Status reads 0 "
            f"(reset {delay} cycles after a kick)",
            cycle,
        )
        reads, writes, rises = len(bench.trace.reads), len(bench.trace.writes), len(bench.line.rises)
        seen = seen or busy > 0
        await bench.clock.cycles(min(bench.quiet, 600))
        later: list[MemoryRead | MemoryWrite] = [*bench.trace.reads[reads:], *bench.trace.writes[writes:]]
        after = [each for each in later if each.issued > cycle]
        bench.expect(
            not after,
            f"{after[0] if after else ''}, after Status read 0 in cycle {cycle} (reset {delay} cycles after a kick)",
        )
        bench.expect(len(bench.line.rises) == rises, f"irq rises after Status read 0 in cycle {cycle}")
        bench.expect(bench.line.level == 0, "irq is high after Status read 0")
        await guest.bring_up()
        await work.prepare()
        work.post(work.request())
        await guest.kick(work.queue)
        if not await work.collect():
            bench.find(f"a reset {delay} cycles after a kick leaves a device that serves nothing")
            return
        await guest.acknowledge()
    if not seen:
        raise Blocked("no memory access was in flight at any of the resets")


@check("Nothing of an earlier life is written into memory after a reset", "MUST", "2.4.1", "MMIO-12", "rings")
async def memory_after_reset(bench: Bench) -> None:
    guest, work = await started(bench)
    if bench.axi is not None:  # what was begun before the reset takes long
        bench.axi.timing = MemoryTiming(read_latency=(4, 12), write_latency=(80, 160))
    for delay in (0, 5, 20, 60, 100, 150, 220):
        buffers = work.post_some(3)
        queue = guest.queues[work.queue]
        await guest.kick(work.queue)
        await bench.clock.cycles(delay)
        await guest.reset()
        areas = [part for buffer in buffers for part in buffer.writable] + [(queue.layout.device_area, 4)]
        before = [bench.ram.read(*area) for area in areas]
        await bench.clock.cycles(bench.quiet)
        for area, content in zip(areas, before):
            bench.expect(
                bench.ram.read(*area) == content,
                f"memory at {area[0]:#x} changes after Status read 0 (reset {delay} cycles after a kick)",
            )
        await guest.bring_up()
        await work.prepare()


@check("No buffer is used and nothing notified before DRIVER_OK", "MUST", "2.1.2", "MMIO-18", "rings irq")
async def nothing_before_driver_ok(bench: Bench) -> None:
    guest, work = await started(bench)  # or a device that never works would pass
    await guest.negotiate()
    await guest.all_queues()
    await work.prepare()
    reads, writes, changes = len(bench.trace.reads), len(bench.trace.writes), len(bench.line.changes)
    buffer = work.post(work.request())
    await bench.write(Register.QUEUE_NOTIFY, guest.queues[work.queue].kick_value(work.queue))
    await bench.clock.cycles(bench.quiet)
    queue = guest.queues[work.queue]
    bench.expect(not queue.used(), "a buffer is used before DRIVER_OK")
    bench.expect(len(bench.line.changes) == changes, "irq changes before DRIVER_OK")
    own = buffer.writable
    moved: list[MemoryRead | MemoryWrite] = [*bench.trace.reads[reads:], *bench.trace.writes[writes:]]
    hit = [
        each
        for each in moved
        if any(
            each.address < address + length and address < each.address + max(1, len(each.data))
            for address, length in own
        )
    ]
    bench.expect(not hit, f"before DRIVER_OK: {hit[0] if hit else ''} touches a buffer")


@check("Buffers that were available before DRIVER_OK are served after it", "SHOULD", "3.1.1", "MMIO-19", "rings")
async def driver_ok_looks(bench: Bench) -> None:
    guest, work = await started(bench)
    await guest.negotiate()
    await guest.all_queues()
    await work.prepare()
    work.post(work.request())
    await guest.driver_ok()
    served = await work.collect(limit=bench.quiet)
    if not served:
        await guest.kick(work.queue)
        served = await work.collect()
        bench.expect(
            bool(served), "a buffer made available before DRIVER_OK is not used, although it was kicked for after it"
        )
        bench.expect(False, "a buffer made available before DRIVER_OK is only looked at when a kick comes")
    else:
        bench.learnt += 1


@check(
    "A kick between QueueReady and DRIVER_OK is not the end of the queue",
    "SHOULD",
    "4.2.3.3",
    "MMIO-18 MMIO-47",
    "rings",
)
async def early_kick(bench: Bench) -> None:
    """No MUST: it is the driver that must not kick so early."""
    guest, work = await started(bench)
    await guest.negotiate()
    await guest.all_queues()
    await work.prepare()
    work.post(work.request())
    await bench.write(Register.QUEUE_NOTIFY, guest.queues[work.queue].kick_value(work.queue))
    await guest.driver_ok()
    await guest.kick(work.queue)
    if bench.expect(
        len(await work.collect()) == 1,
        "a buffer is not used after DRIVER_OK and a kick; an earlier kick came before DRIVER_OK",
    ):
        await guest.acknowledge()
        await work.run(2, what="after a kick that came before DRIVER_OK")


@check("Resets one after the other do no harm", "MUST", "2.4", "MMIO-11", "rings")
async def repeated_resets(bench: Bench) -> None:
    guest, work = await started(bench)
    for _ in range(5):
        await guest.reset()
    await guest.bring_up()
    await work.prepare()
    await work.run(3, what="after five resets")
