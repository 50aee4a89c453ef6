# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Queues: which exist, how they are announced, stopped and started again."""

from cocotbext.virtio.conformance.bench import Bench, Blocked
from cocotbext.virtio.conformance.guest import MOST_QUEUES, Guest
from cocotbext.virtio.conformance.registry import check
from cocotbext.virtio.conformance.workload import started
from cocotbext.virtio.memory_transactions import MemoryRead, MemoryWrite
from cocotbext.virtio.registers import Register

QUEUES = {"blk": 1, "rng": 1, "console": 2, "net": 2, "none": 0}
NONE = (1024, 65535, 65536, 0x1_0001, 0x8000_0000, 0xFFFF_FFFF)


async def _count(guest: Guest) -> int:
    for index in range(MOST_QUEUES):
        if not await guest.queue_max(index):
            return index
    return MOST_QUEUES


@check("The queues of the device class exist, with a size that the text allows", "MUST", "4.2.2", "MMIO-34 MMIO-41")
async def queues_exist(bench: Bench) -> None:
    guest = Guest(bench)
    await guest.negotiate()
    for index in range(QUEUES[bench.settings.device_class]):
        most = await guest.queue_max(index)
        bench.expect(1 <= most <= 32768, f"QueueNumMax of queue {index} is {most}")
    bench.learnt += 1


@check("A queue that does not exist has QueueNumMax 0 and no effect on others", "MUST", "4.2.2", "MMIO-34 MMIO-35")
async def queue_that_is_none(bench: Bench) -> None:
    """No word on what QueueReady reads there after a write: the text has it read back what was written."""
    guest = Guest(bench)
    await guest.negotiate()
    count = await _count(guest)
    if not count:
        raise Blocked("the device has no queue 0")
    for index in (count, *NONE):
        await guest.queue_max(0)
        most = await guest.queue_max(index)
        bench.expect(most == 0, f"QueueNumMax of queue {index:#x} reads {most}, not 0")
        ready = await bench.read(Register.QUEUE_READY)
        bench.expect(ready == 0, f"QueueReady of queue {index:#x}, which does not exist, reads {ready}")
        await bench.write(Register.QUEUE_NUM, 1)
        await bench.write(Register.QUEUE_READY, 1)
        await bench.write(Register.QUEUE_READY, 0)
        for other in range(count):
            await guest.queue_max(other)
            ready = await bench.read(Register.QUEUE_READY)
            bench.expect(
                ready == 0,
                f"QueueReady of queue {other} reads {ready}: queue {index:#x}, which does not exist, was written",
            )


@check("QueueReady reads back what was written", "MUST", "4.2.2", "MMIO-36")
async def queue_ready_reads_back(bench: Bench) -> None:
    guest = Guest(bench)
    await guest.negotiate()
    await guest.all_queues(queues=2)
    for index in list(guest.queues):
        await bench.write(Register.QUEUE_SEL, index)
        ready = await bench.read(Register.QUEUE_READY)
        bench.expect(ready == 1, f"QueueReady of queue {index} reads {ready} after 1 was written")
    last = max(guest.queues)
    await guest.stop(last)
    bench.learnt += 1
    for index in guest.queues:
        await bench.write(Register.QUEUE_SEL, index)
        ready = await bench.read(Register.QUEUE_READY)
        bench.expect(ready == 1, f"QueueReady of queue {index} reads {ready} after queue {last} was stopped")


@check("A stopped queue touches no memory any more", "MUST", "4.2.2.1", "MMIO-37 MMIO-38", "m_axi")
async def queue_stop_in_flight(bench: Bench) -> None:
    guest, work = await started(bench)
    axi, seen = bench.axi, False
    for delay in (0, 2, 6, 12, 25, 50, 100):
        work.post_some(2)
        await guest.kick(work.queue)
        await bench.clock.cycles(delay)
        seen = seen or axi.outstanding > 0
        others = set(guest.queues) - {work.queue}
        await guest.stop(work.queue)
        cycle = bench.clock.cycle
        reads, writes = len(bench.trace.reads), len(bench.trace.writes)
        if not others:
            bench.expect(
                axi.outstanding == 0, f"{axi.outstanding} memory transactions are outstanding when QueueReady reads 0"
            )
        await bench.clock.cycles(min(bench.quiet, 600))
        later: list[MemoryRead | MemoryWrite] = [*bench.trace.reads[reads:], *bench.trace.writes[writes:]]
        after = [each for each in later if each.issued > cycle]
        if not others:
            bench.expect(not after, f"{after[0] if after else ''}, after QueueReady read 0 in cycle {cycle}")
        await guest.bring_up()
        await work.prepare()
        await work.warm_up()
    if not seen:
        raise Blocked("no memory access was in flight at any of the stops")


@check(
    "A queue that is made ready again starts at position 0, at its new place",
    "SHOULD",
    "4.2.2",
    "MMIO-42 MMIO-45",
    "rings",
)
async def queue_restart(bench: Bench) -> None:
    guest, work = await started(bench)
    for _ in range(3):
        if not await work.run(3, what="before the queue is stopped"):
            return
        await bench.rest()
        await guest.stop(work.queue)
        await guest.make_ready(work.queue, 8)
        work.post(work.request())
        await guest.kick(work.queue)
        if not bench.expect(bool(await work.collect()), "a queue that was stopped and made ready again serves nothing"):
            return
        await guest.acknowledge()


@check("Every size up to QueueNumMax works", "MUST", "2.6", "MMIO-34 SPLIT-6", "rings")
async def queue_sizes(bench: Bench) -> None:
    guest, work = await started(bench)
    most = await guest.queue_max(work.queue)
    sizes = [1 << bits for bits in range(most.bit_length()) if 1 << bits <= most]
    for size in dict.fromkeys((*sizes[:4], sizes[len(sizes) // 2], sizes[-1])):
        if size < (3 if bench.settings.device_class == "blk" else 1):
            continue  # no request of the class fits
        await guest.bring_up(size=size)
        await work.prepare()
        if not await work.run(6, what=f"size {size}"):
            return


@check("A queue of one kind is not moved by writes while it is ready", "SHOULD", "4.2.2.2", "MMIO-39", "rings")
async def frozen_while_ready(bench: Bench) -> None:
    guest, work = await started(bench)
    await bench.write(Register.QUEUE_SEL, work.queue)
    for register in (Register.QUEUE_NUM, Register.QUEUE_DESC_LOW, Register.QUEUE_DRIVER_LOW, Register.QUEUE_DEVICE_LOW):
        await bench.write(register, 2 if register == Register.QUEUE_NUM else bench.settings.memory_base)
    await work.run(4, what="after writes to the registers of a ready queue")


@check(
    "A kick of a queue that is not ready, or does not exist, does no harm",
    "SHOULD",
    "2.7.10.2",
    "MMIO-47 SPLIT-17",
    "rings irq",
)
async def kick_of_no_queue(bench: Bench) -> None:
    """No MUST: spurious kicks, which a device must handle, are those of queues that exist."""
    guest, work = await started(bench)
    count = await _count(guest)
    await bench.rest()
    rises = len(bench.line.rises)
    for value in (count, 1023, 0xFFFF):
        await bench.write(Register.QUEUE_NOTIFY, value)
    await bench.clock.cycles(bench.quiet)
    bench.expect(len(bench.line.rises) == rises, "irq rises after kicks of queues that do not exist")
    await work.run(3, what="after kicks of queues that do not exist")
