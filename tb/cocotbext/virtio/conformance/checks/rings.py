# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Rings: every shape of buffers and every kind of ring that is offered."""

from cocotbext.virtio.conformance.bench import Bench, Blocked, NotCheckable
from cocotbext.virtio.conformance.guest import Guest
from cocotbext.virtio.conformance.registry import check
from cocotbext.virtio.conformance.workload import Workload, started
from cocotbext.virtio.rings import PackedDriverQueue, Placement, QueueFull, QueueLayout, RingFeature


@check("A buffer that is made available and kicked for is used", "MUST", "2.6", "MMIO-47 SPLIT-6 DEV-14", "rings")
async def a_buffer_is_used(bench: Bench) -> None:
    guest = Guest(bench)
    work = Workload(guest)
    await guest.bring_up()
    await work.prepare()
    work.post(work.request(512))
    await guest.kick(work.queue)
    served = await work.collect()
    bench.expect(bool(served), f"a buffer is not used within {bench.patience} cycles after its kick")


@check("More buffers than the queue has entries, one by one", "MUST", "2.7.6", "SPLIT-6 SPLIT-8", "rings")
async def ring_wraps(bench: Bench) -> None:
    _, work = await started(bench, size=4)
    await work.run(15, what="beyond the end of the ring")


@check("Several buffers with one kick", "MUST", "2.7.13", "SPLIT-8 MMIO-47", "rings")
async def one_kick_for_many(bench: Bench) -> None:
    _, work = await started(bench, size=16)
    await work.run(20, 4, what="four buffers, one kick")


@check("A request may be cut into parts in any way", "MUST", "2.7.4.1", "SPLIT-2", "rings")
async def any_cut(bench: Bench) -> None:
    guest, work = await started(bench, size=16)
    rng = bench.fork()
    least = 2 if bench.settings.device_class == "blk" else 1
    for parts in (least, least + 1, 5, 7):
        if not await work.run(3, parts=parts, what=f"a request in {parts} parts"):
            return
    await work.run(6, parts=lambda: rng.randint(least, 9), what="a request in a random number of parts")


@check("A chain may fill the whole queue", "SHOULD", "2.7.4.1", "SPLIT-3", "rings")
async def longest_chain(bench: Bench) -> None:
    """No MUST: a device may have a reasonable limit of descriptors in a chain."""
    guest, work = await started(bench, size=8)
    queue = guest.queues[work.queue]
    parts = min(queue.size, work.most_parts or queue.size)
    await work.run(3, parts=parts, what=f"a chain of {parts} descriptors in a queue of {queue.size}")


@check("Parts of the disk's data may be long", "MUST", "5.2.6", "SPLIT-2 DEV-3", "rings", "blk")
async def long_data(bench: Bench) -> None:
    _, work = await started(bench, size=16)
    await work.run(4, most_bytes=6 * 512, what="a request of up to 3 KiB")


@check("Rings and buffers may lie at every address that their alignment allows", "MUST", "2.7", "SPLIT-2", "rings")
async def any_alignment(bench: Bench) -> None:
    guest = Guest(bench)
    work = Workload(guest)
    await started(bench)
    rng = bench.fork()
    base = bench.settings.memory_base + bench.settings.memory_bytes // 2
    for turn in range(3):
        await guest.negotiate()
        placement = Placement(bench.memory, base + turn * 0x1_0000, 0x1_0000, rng, 1, 40)
        size = 8
        at = base + turn * 0x1_0000 - 0x4000
        layout = QueueLayout(
            size,
            at + 16 * rng.randrange(1, 16),
            at + 0x1000 + 2 * rng.randrange(1, 99),
            at + 0x2000 + 4 * rng.randrange(1, 99),
        )
        index = 0
        while await guest.queue_max(index):
            if index == work.queue:
                await guest.make_ready(index, size, layout, placement=placement)
            else:
                await guest.make_ready(index, size)
            index += 1
        await guest.driver_ok()
        await work.prepare()
        if not await work.run(
            5, what=f"areas at {layout.descriptor_area:#x}, {layout.driver_area:#x}, {layout.device_area:#x}"
        ):
            return


@check("A part of no bytes is skipped", "SHOULD", "2.7.4", "SPLIT-2", "rings", "blk")
async def empty_part(bench: Bench) -> None:
    guest, work = await started(bench, size=16)
    request = work.blk_read(0, 1)
    queue = guest.queues[work.queue]
    queue.add([request.readable[:16], b""], [0, request.writable - 1, 1], cookie=request)
    await guest.kick(work.queue)
    bench.expect(bool(await work.collect()), "a buffer with parts of no bytes is not used")


@check("Indirect descriptors", "MUST", "2.7.5.3", "SPLIT-18 SPLIT-19", "rings")
async def indirect(bench: Bench) -> None:
    _, work = await started(bench, RingFeature.INDIRECT_DESC)
    rng = bench.fork()
    await work.run(10, 2, parts=lambda: rng.randint(2, 7), indirect=True, what="a request in an indirect table")


@check("Direct descriptors followed by an indirect one", "MUST", "2.7.5.3.2", "SPLIT-19", "rings")
async def direct_then_indirect(bench: Bench) -> None:
    _, work = await started(bench, RingFeature.INDIRECT_DESC)
    await work.run(6, parts=5, indirect=2, what="two direct descriptors and an indirect one")


@check("An indirect table may have as many entries as the queue", "MUST", "2.7.5.3", "SPLIT-20", "rings")
async def indirect_in_small_queue(bench: Bench) -> None:
    _, work = await started(bench, RingFeature.INDIRECT_DESC, size=4)
    await work.run(6, 3, parts=4, indirect=True, what="tables of the queue's size in a queue of four")


@check("Packed rings", "MUST", "2.8", "PACKED-1 PACKED-2 PACKED-3 PACKED-8", "rings")
async def packed(bench: Bench) -> None:
    _, work = await started(bench, RingFeature.RING_PACKED, size=8)
    rng = bench.fork()
    least = 2 if bench.settings.device_class == "blk" else 1
    if await work.run(12, what="a packed ring") and await work.run(12, 2, what="a packed ring, two at once"):
        await work.run(8, parts=lambda: rng.randint(least, 5), what="chains in a packed ring")


@check(
    "Packed rings: a used descriptor has WRITE if, and only if, something was written",
    "MUST",
    "2.8.4",
    "PACKED-9",
    "rings",
)
async def packed_write_flag(bench: Bench) -> None:
    guest = Guest(bench)
    work = Workload(guest)
    await guest.bring_up(RingFeature.RING_PACKED, size=8)
    await work.prepare()
    queue = guest.queues[work.queue]
    if not isinstance(queue, PackedDriverQueue):
        raise NotCheckable("the queues are not packed")
    for _ in range(9):
        slot = queue.slot(queue.seen)
        buffer = work.post(work.request(512))
        await guest.kick(work.queue)
        if not await work.collect():
            raise Blocked("a buffer is not used")
        raw = bench.ram.read(slot, 16)
        length, flag = int.from_bytes(raw[8:12], "little"), bool(raw[14] & 2)
        wrote = buffer.cookie.writable > 0  # every request here has something written where there is room
        bench.expect(
            flag == wrote,
            f"{buffer.cookie.name}: WRITE is {int(flag)} in a used descriptor of length {length}, "
            f"and the device wrote {'something' if wrote else 'nothing'}",
        )


@check("Packed rings of a size that is no power of two", "MUST", "2.8.10.1", "PACKED-1", "rings")
async def packed_odd_size(bench: Bench) -> None:
    guest = Guest(bench)
    work = Workload(guest)
    await guest.bring_up(RingFeature.RING_PACKED, size=7)
    await work.prepare()
    if guest.queues[work.queue].size != 7:
        raise NotCheckable("the queue is smaller than 7")
    await work.run(24, 2, what="a packed ring of seven")


@check("Indirect tables in packed rings", "MUST", "2.8.7", "PACKED-11", "rings")
async def packed_indirect(bench: Bench) -> None:
    _, work = await started(bench, RingFeature.RING_PACKED, RingFeature.INDIRECT_DESC, size=8)
    await work.run(12, 2, parts=4, indirect=True, what="a table in a packed ring")


@check(
    "With IN_ORDER, buffers are used in the order in which they were made available",
    "MUST",
    "2.7.9",
    "SPLIT-25",
    "rings",
)
async def in_order(bench: Bench) -> None:
    _, work = await started(bench, RingFeature.IN_ORDER)
    await work.run(24, 4, what="in order")


@check("With NOTIFICATION_DATA, kicks that carry an index work", "MUST", "4.2.3.3", "MMIO-48", "rings")
async def notification_data(bench: Bench) -> None:
    _, work = await started(bench, RingFeature.NOTIFICATION_DATA, size=8)
    await work.run(20, 2, what="kicks that carry an index")


@check(
    "With NOTIFICATION_DATA and packed rings, the first buffer may come late, and not every buffer has a kick",
    "MUST",
    "4.2.3.3",
    "MMIO-48 PACKED-2",
    "rings",
)
async def notification_data_packed(bench: Bench) -> None:
    guest = Guest(bench)
    work = Workload(guest)
    await guest.bring_up(RingFeature.RING_PACKED, RingFeature.NOTIFICATION_DATA, size=5)
    await work.prepare()
    await bench.clock.cycles(300)  # what DRIVER_OK made the device look for is over
    if await work.run(1, what="the first buffer, late"):
        await work.run(24, 2, kick=guest.kick_if_wanted, what="kicks that carry an index of a packed ring")


@check("A full queue is emptied", "MUST", "2.7.13", "SPLIT-8", "rings")
async def full_queue(bench: Bench) -> None:
    guest, work = await started(bench, size=8)
    for _ in range(3):
        count = 0
        while True:
            try:
                work.post(work.request(512), publish=False)
            except QueueFull:
                break
            count += 1
        guest.queues[work.queue].publish()
        await guest.kick(work.queue)
        served = len(await work.collect(count))
        if not bench.expect(served == count, f"{served} of {count} buffers that fill the queue are used"):
            return
        await guest.acknowledge()


@check("All features that are offered, together", "MUST", "2.2", "MMIO-29", "rings")
async def everything_offered(bench: Bench) -> None:
    probe = Guest(bench)
    await probe.begin()
    bits = [
        bit
        for bit in (
            RingFeature.INDIRECT_DESC,
            RingFeature.EVENT_IDX,
            RingFeature.RING_PACKED,
            RingFeature.IN_ORDER,
            RingFeature.NOTIFICATION_DATA,
        )
        if probe.offers(bit)
    ]
    if not bits:
        raise NotCheckable("no feature of rings is offered")
    guest, work = await started(bench, *bits)
    indirect = RingFeature.INDIRECT_DESC in bits
    await work.run(24, 3, parts=3, indirect=indirect, what="with all features of rings")
