# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Kicks and suppression of notifications, both ways."""

from cocotbext.virtio.conformance.bench import Bench, Blocked, NotCheckable
from cocotbext.virtio.conformance.checks.configuration import SIZES
from cocotbext.virtio.conformance.guest import MMIO_NOTIFICATION, Guest
from cocotbext.virtio.conformance.registry import check
from cocotbext.virtio.conformance.workload import Workload, started
from cocotbext.virtio.registers import (
    QUEUE_NOTIFY_BASE_LSB,
    QUEUE_NOTIFY_MULTIPLIER_LSB,
    Register,
)
from cocotbext.virtio.rings import QueueFull, RingFeature


async def _busy(bench: Bench, guest: Guest, work: Workload, rounds: int) -> bool:
    """Buffers added at any moment while the device is at work, kicked for only when it asks: none may be forgotten."""
    rng = bench.fork()
    queue = guest.queues[work.queue]
    for turn in range(rounds):
        posted, found = 0, []
        for _ in range(3):
            try:
                work.post(work.request(512))
            except QueueFull:  # a small queue: wait until the device has used one
                found += await work.collect(1)
                continue
            posted += 1
            await guest.kick_if_wanted(work.queue)
            await bench.clock.cycles(rng.choice((0, 1, 2, 5, 10, 20, 40, 80, 150, 300)))
            found += await work.collect(1, 0)
        found += await work.collect(posted - len(found))
        await guest.acknowledge()
        if len(found) < posted:
            asks = queue.kick_needed()
            await guest.kick(work.queue)
            more = await work.collect(posted - len(found))
            bench.find(
                f"round {turn + 1}: {posted - len(found)} of {posted} buffers are forgotten: the device "
                "had not asked for a kick, "
                f"and did not look"
                + (f"; a kick that nobody asked for wakes it ({len(more)} used)" if more else "")
                + ("; it asks for kicks now" if asks else "")
            )
            return False
    return True


@check(
    "Buffers added while the device is at work are served, with kicks only when it asks for them",
    "MUST",
    "2.7.10",
    "SPLIT-8 SPLIT-15 SPLIT-16",
    "rings",
)
async def kicks_when_wanted(bench: Bench) -> None:
    guest, work = await started(bench)
    await _busy(bench, guest, work, 12)


@check("The same with event index", "MUST", "2.7.10", "SPLIT-8 SPLIT-16", "rings")
async def kicks_when_wanted_event_index(bench: Bench) -> None:
    guest, work = await started(bench, RingFeature.EVENT_IDX)
    await _busy(bench, guest, work, 12)


@check("The same with packed rings", "MUST", "2.8.10", "PACKED-14", "rings")
async def kicks_when_wanted_packed(bench: Bench) -> None:
    guest, work = await started(bench, RingFeature.RING_PACKED)
    await _busy(bench, guest, work, 8)


@check("Kicks with nothing new do no harm", "MUST", "2.7.10.2", "SPLIT-17", "rings irq")
async def spurious_kicks(bench: Bench) -> None:
    guest, work = await started(bench)
    await bench.rest()
    await guest.acknowledge()
    await bench.clock.cycles(20)
    rises = len(bench.line.rises)
    for _ in range(5):
        await guest.kick(work.queue)
    await bench.clock.cycles(bench.quiet)
    bench.expect(len(bench.line.rises) == rises, "irq rises after kicks with nothing new")
    await work.run(4, what="after kicks with nothing new")


@check("Kicks while the device is at work do no harm", "MUST", "2.7.10.2", "SPLIT-17", "rings")
async def kicks_while_busy(bench: Bench) -> None:
    guest, work = await started(bench)
    for _ in range(5):
        posted = len(work.post_some(2, lambda: work.request(512)))
        for _ in range(4):
            await guest.kick(work.queue)
        served = len(await work.collect(posted))
        await guest.acknowledge()
        if not bench.expect(served == posted, f"{served} of {posted} buffers are used after several kicks"):
            return
    await bench.rest()
    bench.expect(not guest.queues[work.queue].used(), "a buffer is used twice")


@check("used.flags is 0 or 1, and 0 with event index", "MUST", "2.7.10.2", "SPLIT-15", "rings")
async def used_flags(bench: Bench) -> None:
    for bits in ((), (RingFeature.EVENT_IDX,)):
        guest = Guest(bench)
        if bits:
            await guest.begin()
            if not guest.offers(bits[0]):
                continue
        guest, work = await started(bench, *bits)
        await work.run(4, 2)
        await bench.rest()
        flags = int.from_bytes(bench.ram.read(guest.queues[work.queue].layout.device_area, 2), "little")
        bench.expect(
            flags == 0 if bits else flags in (0, 1),
            f"used.flags is {flags:#x} {'with' if bits else 'without'} event index",
        )


@check("A driver that does not want interrupts gets none", "SHOULD", "2.7.7.2", "SPLIT-11 MMIO-54", "rings irq")
async def no_interrupt_flag(bench: Bench) -> None:
    guest, work = await started(bench)
    await bench.rest()
    await guest.acknowledge()
    guest.queues[work.queue].want_interrupts(False)
    await bench.clock.cycles(20)
    rises = len(bench.line.rises)
    for _ in range(4):
        work.post(work.request(512))
        await guest.kick(work.queue)
        if not await work.collect():
            raise Blocked("no buffer is used while NO_INTERRUPT is set")
    await bench.clock.cycles(bench.quiet)
    pending = await guest.interrupt_status()
    bench.expect(len(bench.line.rises) == rises, "irq rises although avail.flags is NO_INTERRUPT")
    bench.expect(not pending & 1, "InterruptStatus bit 0 is set although avail.flags is NO_INTERRUPT")
    guest.queues[work.queue].want_interrupts(True)
    work.post(work.request(512))
    await guest.kick(work.queue)
    bench.expect(
        await bench.until(lambda: len(bench.line.rises) > rises), "irq does not rise when interrupts are wanted again"
    )


@check("A driver that polls with interrupts off is served", "MUST", "2.7.7", "SPLIT-11", "rings")
async def polling_driver(bench: Bench) -> None:
    guest, work = await started(bench)
    guest.queues[work.queue].want_interrupts(False)
    await work.run(8, 2, what="polled")


async def _event_index(bench: Bench, guest: Guest, work: Workload, span: int = 1) -> None:
    """Wishes for the first to fourth buffer from now, used one by one; each takes *span* places of the ring."""
    queue = guest.queues[work.queue]
    for count in (1, 2, 3, 1, 4):
        await bench.rest()
        await guest.acknowledge()
        await bench.clock.cycles(20)
        queue.interrupt_after(count * span)
        rises = len(bench.line.rises)
        for number in range(count):
            work.post(work.request(512))
            await guest.kick(work.queue)
            if not await work.collect():
                raise Blocked("a buffer is not used")
            if number < count - 1:
                await bench.clock.cycles(min(bench.quiet, 400))
                bench.expect(
                    len(bench.line.rises) == rises,
                    f"irq rises at used buffer {number + 1}, asked for was {count} (SHOULD NOT)",
                )
                if len(bench.line.rises) != rises:
                    await guest.acknowledge()
                    rises = len(bench.line.rises)
        if not bench.expect(
            await bench.until(lambda: len(bench.line.rises) > rises),  # noqa: B023
            f"irq does not rise at used buffer {count}, for which the driver asks",
        ):
            return


@check(
    "With event index, an interrupt comes exactly where the driver asks for it",
    "MUST",
    "2.7.7.2",
    "SPLIT-12 SPLIT-13",
    "rings irq",
)
async def event_index(bench: Bench) -> None:
    guest, work = await started(bench, RingFeature.EVENT_IDX)
    await _event_index(bench, guest, work)


@check(
    "Packed rings with event index: an interrupt comes exactly where the driver asks for it, in either lap",
    "MUST",
    "2.8.10",
    "PACKED-12 PACKED-13",
    "rings irq",
)
async def packed_event_index(bench: Bench) -> None:
    span = 3 if bench.settings.device_class == "blk" else 1
    guest, work = await started(bench, RingFeature.RING_PACKED, RingFeature.EVENT_IDX, size=4 * span + 1)
    if guest.queues[work.queue].size <= 4 * span:
        raise NotCheckable("the queue is too small")
    await _event_index(bench, guest, work, span)


@check(
    "With event index, several buffers used at once wake the driver if its wish is among them",
    "MUST",
    "2.7.7.2",
    "SPLIT-13",
    "rings irq",
)
async def event_index_in_batches(bench: Bench) -> None:
    guest, work = await started(bench, RingFeature.EVENT_IDX)
    queue = guest.queues[work.queue]
    for wanted in (1, 2, 3):
        await bench.rest()
        await guest.acknowledge()
        await bench.clock.cycles(20)
        queue.interrupt_after(wanted)
        rises = len(bench.line.rises)
        posted = len(work.post_some(3, lambda: work.request(512)))
        if posted < wanted:
            raise NotCheckable(f"the queue has room for {posted} requests only")
        await guest.kick(work.queue)
        if len(await work.collect(posted)) < posted:
            raise Blocked("buffers are not used")
        bench.expect(
            await bench.until(lambda: len(bench.line.rises) > rises),  # noqa: B023
            f"irq does not rise for {posted} used buffers, of which number {wanted} was asked for",
        )


@check(
    "Packed rings: an interrupt comes when it is wanted, and none when it is not",
    "MUST",
    "2.8.10",
    "PACKED-12",
    "rings irq",
)
async def packed_suppression(bench: Bench) -> None:
    guest, work = await started(bench, RingFeature.RING_PACKED)
    queue = guest.queues[work.queue]
    for wanted in (True, False, True):
        await bench.rest()
        await guest.acknowledge()
        await bench.clock.cycles(20)
        queue.want_interrupts(wanted)
        rises = len(bench.line.rises)
        work.post(work.request(512))
        await guest.kick(work.queue)
        if not await work.collect():
            raise Blocked("a buffer is not used")
        if wanted:
            bench.expect(await bench.until(lambda: len(bench.line.rises) > rises), "irq does not rise")  # noqa: B023
        else:
            await bench.clock.cycles(bench.quiet)
            bench.expect(
                len(bench.line.rises) == rises, "irq rises although the driver event flags are DISABLE (SHOULD NOT)"
            )


async def _doorbells(bench: Bench, guest: Guest) -> tuple[int, int]:
    """Base and multiplier of the doorbells of the 2020 proposal, whose feature is accepted then.

    Raises:
        NotCheckable: there are none; bit 39 alone says little, for virtio 1.2 has another meaning for it.
    """
    await guest.negotiate(MMIO_NOTIFICATION)
    word = await bench.read(Register.QUEUE_NOTIFY)
    if not word:
        raise NotCheckable("QueueNotify reads 0: bit 39 means no doorbells here")
    return word >> QUEUE_NOTIFY_BASE_LSB & 0xFFFF, word >> QUEUE_NOTIFY_MULTIPLIER_LSB & 0xFFFF


async def _bell(bench: Bench, guest: Guest, queue: int) -> int:
    """Address of the doorbell of a queue, with the feature accepted; raises NotCheckable if it is QueueNotify."""
    base, multiplier = await _doorbells(bench, guest)
    address = base + queue * multiplier
    if base == Register.QUEUE_NOTIFY:
        raise NotCheckable("the doorbell is QueueNotify")
    if address >= 1 << bench.settings.address_bits:
        raise NotCheckable(f"the doorbell at {address:#x} is beyond the register bus")
    return address


@check("Doorbells have a place of their own, at multiples of 4", "SHOULD", "P2", "NTF-1 NTF-6 NTF-7 NTF-8")
async def doorbell_places(bench: Bench) -> None:
    base, multiplier = await _doorbells(bench, Guest(bench))
    what = f"base {base:#x} and multiplier {multiplier:#x} of the doorbells"
    bench.expect(not base % 4 and not multiplier % 4, f"{what} are no multiples of 4")
    end = 0x100 + SIZES[bench.settings.device_class]
    bench.expect(
        base >= end or (base, multiplier) == (Register.QUEUE_NOTIFY, 0),
        f"{what}: they lie among the registers or in the configuration, which ends at {end:#x}",
    )


@check("A doorbell kicks its queue, and QueueNotify still does", "MUST", "P2", "NTF-2 NTF-3 NTF-4 NTF-9", "rings")
async def doorbells(bench: Bench) -> None:
    guest = Guest(bench)
    work = Workload(guest)
    address = await _bell(bench, guest, work.queue)
    for bits in ((), (RingFeature.NOTIFICATION_DATA,)):
        if bits and not guest.offers(bits[0]):
            continue
        await guest.bring_up(MMIO_NOTIFICATION, *bits)
        await work.prepare()
        if not await work.run(2, what="kicked for by QueueNotify"):
            return
        await bench.clock.cycles(100)
        if not await work.run(6, 2, kick=lambda queue: guest.kick(queue, address), what=f"kicked for at {address:#x}"):
            return


@check("A doorbell before DRIVER_OK starts nothing, and does no harm", "SHOULD", "P2", "NTF-12", "rings")
async def early_doorbell(bench: Bench) -> None:
    guest = Guest(bench)
    work = Workload(guest)
    address = await _bell(bench, guest, work.queue)
    await guest.all_queues()
    await work.prepare()
    work.post(work.request(512))
    await bench.write(address, guest.queues[work.queue].kick_value(work.queue))
    await bench.clock.cycles(bench.quiet)
    bench.expect(not guest.queues[work.queue].used(), "a buffer is used after a doorbell before DRIVER_OK")
    await guest.driver_ok()
    await guest.kick(work.queue, address)
    if bench.expect(len(await work.collect()) == 1, "a buffer is not used after DRIVER_OK and a doorbell"):
        await work.run(2, kick=lambda queue: guest.kick(queue, address), what="kicked for after an early doorbell")


@check("Without the feature QueueNotify reads 0, and doorbells do nothing", "SHOULD", "P2", "NTF-10 NTF-13", "rings")
async def doorbells_need_their_feature(bench: Bench) -> None:
    guest = Guest(bench)
    work = Workload(guest)
    address = await _bell(bench, guest, work.queue)
    await guest.bring_up()
    await work.prepare()
    word = await bench.read(Register.QUEUE_NOTIFY)
    bench.expect(word == 0, f"QueueNotify reads {word:#x} without the feature")
    if not await work.run(2, what="kicked for by QueueNotify, without the feature"):
        return
    await bench.rest()
    work.post(work.request(512))
    await bench.write(address, guest.queues[work.queue].kick_value(work.queue))
    await bench.clock.cycles(bench.quiet)
    bench.expect(not guest.queues[work.queue].used(), "a doorbell kicks without the feature")
    await guest.kick(work.queue)
    bench.expect(
        len(await work.collect()) == 1, "a buffer is not used after a doorbell without the feature, and a kick"
    )
