# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Drivers that break the rules: a device should not follow them beyond memory, and should be reset-able.

No MUST: virtio says what a driver must not do, and not what a device has to do when the driver does it.
"""

from collections.abc import Iterable

from cocotbext.virtio.conformance.bench import Bench, NotCheckable, Stuck
from cocotbext.virtio.conformance.guest import Guest
from cocotbext.virtio.conformance.registry import check
from cocotbext.virtio.conformance.workload import Workload, started
from cocotbext.virtio.registers import Register
from cocotbext.virtio.rings.split_driver import SplitDriverQueue

NEXT, WRITE, INDIRECT = 1, 2, 4


async def _survives(bench: Bench, guest: Guest, work: Workload, what: str) -> None:
    """After the attack: registers answer, a reset ends, and the next driver is served."""
    await bench.clock.cycles(min(bench.quiet, 500))
    if bench.has("m_axi"):
        reads = len(bench.trace.reads)
        await bench.clock.cycles(bench.quiet)
        first = bench.trace.reads[reads:]
        await bench.clock.cycles(bench.quiet)
        second = bench.trace.reads[reads + len(first) :]
        # Polling one place is a device's right; working through the same bad chain for ever is not.
        if len(first) > 20 and len(second) > 20:
            places = {read.address for read in second}
            table = guest.queues[work.queue].layout
            chain = [
                place for place in places if table.descriptor_area <= place < table.descriptor_area + 16 * table.size
            ]
            bench.expect(
                len(chain) < 2,
                f"{what}: the device reads descriptors for ever ({len(second)} reads in {bench.quiet} cycles)",
            )
    try:
        await bench.read(Register.STATUS)
        await guest.reset()
    except Stuck:
        bench.findings[-1] = type(bench.findings[-1])(bench.findings[-1].cycle, f"{what}: {bench.findings[-1].text}")
        raise
    if bench.has("m_axi"):
        bench.expect(bench.axi.outstanding == 0, f"{what}: memory transactions are outstanding after a reset")
    await guest.bring_up()
    await work.prepare()
    work.post(work.request(512))
    await guest.kick(work.queue)
    bench.expect(bool(await work.collect()), f"{what}: after a reset the device serves nothing")


async def _attack(
    bench: Bench,
    guest: Guest,
    work: Workload,
    what: str,
    descriptors: Iterable[tuple[int, int, int, int]],
    head: int = 0,
    size: int = 8,
) -> None:
    """Write descriptors (address, length, flags, next) and offer *head*."""
    queue = guest.queues[work.queue]
    if not isinstance(queue, SplitDriverQueue):
        raise NotCheckable("the queues are not split")
    await bench.rest()
    for index, (address, length, flags, following) in enumerate(descriptors):
        queue.write_descriptor(queue.layout.descriptor_area + 16 * index, address, length, flags, following)
    queue.offer(head)
    await guest.kick(work.queue)
    await _survives(bench, guest, work, what)


@check("An available index that jumps is no end", "SHOULD", "2.7.13", "SPLIT-9", "rings")
async def hostile_index(bench: Bench) -> None:
    guest, work = await started(bench, size=8)
    await bench.rest()
    for jump in (9, 1000, 0x8000):
        queue = guest.queues[work.queue]
        if not isinstance(queue, SplitDriverQueue):
            raise NotCheckable("the queues are not split")
        queue.set_available(queue.published + jump)
        await guest.kick(work.queue)
        await _survives(bench, guest, work, f"an available index that jumps by {jump} in a queue of {queue.size}")


@check("A head beyond the queue is no end", "SHOULD", "2.7.5", "SPLIT-22", "rings")
async def hostile_head(bench: Bench) -> None:
    for head in (8, 0x7FFF, 0xFFFF):
        guest, work = await started(bench, size=8)
        await _attack(bench, guest, work, f"head {head} in a queue of 8", [], head)


@check("A chain whose next is beyond the queue is no end", "SHOULD", "2.7.5", "SPLIT-22", "rings")
async def hostile_next(bench: Bench) -> None:
    guest, work = await started(bench, size=8)
    where = bench.settings.memory_base + 0x8000
    await _attack(bench, guest, work, "a next of 9 in a queue of 8", [(where, 16, NEXT, 9)])


@check("A loop in a chain is no end", "SHOULD", "2.7.5", "SPLIT-21", "rings")
async def hostile_loop(bench: Bench) -> None:
    guest, work = await started(bench, size=8)
    where = bench.settings.memory_base + 0x8000
    await _attack(bench, guest, work, "a chain that is a loop", [(where, 16, NEXT, 1), (where + 64, 16, NEXT, 0)])
    await _attack(bench, guest, work, "a descriptor that follows itself", [(where, 16, NEXT | WRITE, 0)])


@check("A table that was not negotiated, or is none, is no end", "SHOULD", "2.7.5.3", "SPLIT-20 SPLIT-23", "rings")
async def hostile_table(bench: Bench) -> None:
    guest, work = await started(bench, size=8)
    where = bench.settings.memory_base + 0x8000
    for text, descriptor in (
        ("an indirect descriptor without the feature", (where, 32, INDIRECT, 0)),
        ("an indirect table of 17 bytes", (where, 17, INDIRECT, 0)),
        ("an indirect table of no bytes", (where, 0, INDIRECT, 0)),
        ("an indirect descriptor with NEXT", (where, 32, INDIRECT | NEXT, 1)),
    ):
        await _attack(bench, guest, work, text, [descriptor, (where, 16, 0, 0)])


@check("A readable part behind a writable one is no end", "SHOULD", "2.7.4.2", "SPLIT-24", "rings")
async def hostile_order(bench: Bench) -> None:
    guest, work = await started(bench, size=8)
    where = bench.settings.memory_base + 0x8000
    await _attack(
        bench,
        guest,
        work,
        "a readable part behind a writable one",
        [(where, 16, NEXT | WRITE, 1), (where + 64, 16, 0, 0)],
    )


@check("A buffer outside of memory is no end", "SHOULD", "2.7.5", "SPLIT-21", "rings")
async def hostile_address(bench: Bench) -> None:
    guest, work = await started(bench, size=8)
    end = bench.settings.memory_base + bench.settings.memory_bytes
    for text, address in (
        ("a buffer behind the end of memory", end + 0x1000),
        ("a buffer at the end of all addresses", (1 << 64) - 256),
    ):
        await _attack(
            bench,
            guest,
            work,
            text,
            [(address, 64, NEXT if work.kind == "blk" else WRITE * (work.kind == "rng"), 1), (address, 16, WRITE, 0)],
        )


@check("A request too short for its class is no end", "SHOULD", "5.2.6", "DEV-5", "rings", "blk net")
async def hostile_short_request(bench: Bench) -> None:
    guest, work = await started(bench, size=8)
    where = bench.settings.memory_base + 0x8000
    await _attack(bench, guest, work, "a readable part of 3 bytes and nothing else", [(where, 3, 0, 0)])
    if work.kind == "blk":
        await _attack(bench, guest, work, "a header and no room for a status", [(where, 16, 0, 0)])


@check("A queue of an impossible size is no end", "SHOULD", "2.6", "MMIO-40", "rings")
async def hostile_size(bench: Bench) -> None:
    guest, work = await started(bench)
    most = await guest.queue_max(work.queue)
    for size in (0, most * 2 if most < 32768 else 0xFFFF):
        await guest.negotiate()
        await guest.all_queues(8)
        await bench.write(Register.QUEUE_SEL, work.queue)
        await bench.write(Register.QUEUE_READY, 0)
        await bench.write(Register.QUEUE_NUM, size)
        await bench.write(Register.QUEUE_READY, 1)
        await guest.driver_ok()
        await guest.kick(work.queue)
        await _survives(bench, guest, work, f"a queue of {size} entries")
