# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The interrupt line: cause, level, acknowledge."""

from functools import partial

from cocotbext.virtio.bfm.axi_memory import MemoryTiming
from cocotbext.virtio.checks.interrupt_account import InterruptAccount
from cocotbext.virtio.conformance.bench import Bench, Blocked
from cocotbext.virtio.conformance.guest import Guest
from cocotbext.virtio.conformance.registry import check
from cocotbext.virtio.conformance.workload import Workload, started


async def _one(bench: Bench, guest: Guest, work: Workload, acknowledge: bool = False) -> bool:
    """One request; returns whether it was used."""
    work.post(work.request(512))
    await guest.kick(work.queue)
    found = await work.collect()
    if acknowledge:
        await guest.acknowledge()
    return bool(found)


@check(
    "A used buffer sets InterruptStatus bit 0 and raises the line until it is acknowledged",
    "MUST",
    "4.2.2.1",
    "MMIO-50 MMIO-51 MMIO-52",
    "rings irq",
)
async def line_follows_used_buffer(bench: Bench) -> None:
    guest, work = await started(bench)
    await bench.rest()
    await guest.acknowledge()
    await bench.until(lambda: bench.line.level == 0, bench.quiet)
    await bench.clock.cycles(20)
    for _ in range(3):
        bench.expect(bench.line.level == 0, "irq is high with nothing to tell")
        if not await _one(bench, guest, work):
            raise Blocked("a buffer is not used")
        bench.expect(await bench.until(lambda: bench.line.level == 1), "irq does not rise after a used buffer")
        pending = await guest.interrupt_status()
        bench.expect(pending == 1, f"InterruptStatus reads {pending:#x} after a used buffer, not 1")
        await bench.clock.cycles(200)
        if bench.settings.interrupt == "level":
            bench.expect(bench.line.level == 1, "irq falls before it is acknowledged")
        again = await guest.interrupt_status()
        bench.expect(again == pending, f"InterruptStatus reads {again:#x} the second time: reading it changes it")
        await guest.acknowledge(pending)
        falls = await bench.until(lambda: bench.line.level == 0, bench.quiet)
        bench.expect(falls, f"irq is high {bench.quiet} cycles after it was acknowledged")
        left = await guest.interrupt_status()
        bench.expect(left == 0, f"InterruptStatus reads {left:#x} after it was acknowledged")


@check("InterruptACK clears exactly the bits written as 1", "MUST", "4.2.2.1", "MMIO-51", "rings irq")
async def acknowledge_clears_its_bits(bench: Bench) -> None:
    guest, work = await started(bench)
    await bench.rest()
    await guest.acknowledge()
    if not await _one(bench, guest, work) or not await bench.until(lambda: bench.line.level == 1):
        raise Blocked("irq does not rise")
    for value in (0, 2, 0xFFFF_FFFC):
        await guest.acknowledge(value)
        await bench.clock.cycles(4)
        pending = await guest.interrupt_status()
        bench.expect(bool(pending & 1), f"InterruptACK {value:#x} clears bit 0 of InterruptStatus")
    await guest.acknowledge(1)
    pending = await guest.interrupt_status()
    bench.expect(not pending & 1, "InterruptACK 1 does not clear bit 0 of InterruptStatus")


@check("The line has the level of InterruptStatus", "MUST", "4.2.3.4", "MMIO-52", "rings irq")
async def line_is_status(bench: Bench) -> None:
    guest, work = await started(bench)
    for number in range(10):
        await _one(bench, guest, work, acknowledge=bool(number % 3))
        await bench.clock.cycles(40)
        for wait in (0, bench.quiet):  # the line may follow some cycles later
            await bench.clock.cycles(wait)
            before = bench.line.level
            pending = await guest.interrupt_status()
            if before == bench.line.level == bool(pending):
                break
        if before == bench.line.level and bench.settings.interrupt == "level":
            bench.expect(before == bool(pending), f"irq is {before}, InterruptStatus {pending:#x}")
        bench.expect(not pending & ~3, f"InterruptStatus reads {pending:#x}: bits beyond 1 are set")


@check("When the line rises, the used buffer is visible", "MUST", "2.7.8.2", "MMIO-55", "rings irq")
async def line_after_used_index(bench: Bench) -> None:
    guest, work = await started(bench)
    await bench.rest()
    await guest.acknowledge()
    queue = guest.queues[work.queue]
    for _ in range(8):
        bench.line.changes.clear()
        seen: list[tuple[int, int]] = []

        def look(cycle: int, level: int, seen: list[tuple[int, int]] = seen) -> None:
            if level:
                seen.append((cycle, int.from_bytes(bench.ram.read(queue.layout.device_area + 2, 2), "little")))

        bench.line.callbacks.append(look)
        before = int.from_bytes(bench.ram.read(queue.layout.device_area + 2, 2), "little")
        if not await _one(bench, guest, work):
            raise Blocked("a buffer is not used")
        await bench.until(partial(bool, seen))
        bench.line.callbacks.remove(look)
        if seen:
            cycle, index = seen[0]
            bench.expect(index != before, f"irq rises while the used index is still {before}", cycle)
        await guest.acknowledge()
        await bench.clock.cycles(10)


@check(
    "An acknowledge of nothing at the same time loses no used buffer", "MUST", "4.2.2.1", "MMIO-53 MMIO-51", "rings irq"
)
async def acknowledge_beside_used_buffer(bench: Bench) -> None:
    guest, work = await started(bench)
    await bench.rest()
    await guest.acknowledge()
    if bench.has("m_axi"):
        bench.axi.timing = MemoryTiming(read_latency=(4, 4), write_latency=(4, 4))
    work.post(work.always_the_same())
    await guest.kick(work.queue)
    kicked = bench.clock.cycle
    if not await bench.until(lambda: bench.line.level == 1, step=1):
        raise Blocked("irq does not rise")
    takes = bench.clock.cycle - kicked
    await work.collect()
    await guest.acknowledge()
    for turn in range(28):
        await bench.until(lambda: bench.line.level == 0, bench.quiet, 1)
        await bench.clock.cycles(5)
        work.post(work.always_the_same())
        await guest.kick(work.queue)
        delay = max(0, takes - 14 + turn % 18)
        await bench.clock.cycles(delay)
        # A handler on a shared line that found InterruptStatus 0 writes 0; one for a changed configuration writes 2.
        await guest.acknowledge(2 if turn % 4 == 3 else 0)
        if not await work.collect():
            raise Blocked("a buffer is not used")
        if not await bench.until(lambda: bench.line.level == 1, bench.quiet):
            pending = await guest.interrupt_status()
            bench.find(
                f"a used buffer is never told of: InterruptACK was written with {2 if turn % 4 == 3 else 0}, "
                f"{delay} cycles after "
                f"its kick; InterruptStatus reads {pending:#x}"
            )
            return
        bench.learnt += 1
        await guest.acknowledge()


@check(
    "A driver that acknowledges before it looks, as Linux does, misses nothing",
    "MUST",
    "4.2.2.1",
    "MMIO-50 MMIO-53",
    "rings irq",
)
async def linux_handler(bench: Bench) -> None:
    guest, work = await started(bench)
    await bench.rest()
    await guest.acknowledge()
    await _handler(bench, guest, work, early=True)


@check(
    "A driver that looks before it acknowledges, and once more behind, misses nothing",
    "MUST",
    "4.2.2.1",
    "MMIO-50",
    "rings irq",
)
async def late_handler(bench: Bench) -> None:
    guest, work = await started(bench)
    await bench.rest()
    await guest.acknowledge()
    await _handler(bench, guest, work, early=False)


async def _handler(bench: Bench, guest: Guest, work: Workload, early: bool) -> None:
    """Two buffers at a time; the driver looks only when the line tells, from turn to turn a cycle later.

    So its acknowledge of the first buffer comes in every cycle around the interrupt of the second.
    """
    if bench.has("m_axi"):
        bench.axi.timing = MemoryTiming(read_latency=(4, 4), write_latency=(4, 4))
    queue = guest.queues[work.queue]
    apart, seen = 0, len(bench.line.rises)

    def told() -> bool:
        return bench.line.level == 1 or (bench.settings.interrupt == "edge" and len(bench.line.rises) > seen)

    for turn in range(30):
        left, first = len(work.post_some(2, work.always_the_same)), True
        await guest.kick(work.queue)
        if not turn:  # how far behind the first rise of the line the second buffer is used
            cycles = []
            while left and (fresh := await guest.wait_used(work.queue, step=1)):
                cycles.append(bench.clock.cycle)
                for buffer in fresh:
                    work.judge(buffer)
                    left -= 1
            rises = [cycle for cycle in bench.line.rises[seen:] if cycle >= cycles[0]] if cycles else []
            apart = cycles[-1] - rises[0] if rises else 0
        while left:
            if not await bench.until(told, step=1):
                waiting = queue.used()
                pending = await guest.interrupt_status()
                if waiting:
                    bench.find(
                        f"{len(waiting)} used buffers are never told of: irq stays low, "
                        f"InterruptStatus reads {pending:#x}"
                    )
                else:
                    bench.find(f"{left} buffers are not used within {bench.patience} cycles")
                return
            if first:
                await bench.clock.cycles(max(0, apart - 18 + turn))
            first, seen = False, len(bench.line.rises)
            pending = await guest.interrupt_status()
            if early:
                await guest.acknowledge(pending)
            for buffer in queue.used():
                work.judge(buffer)
                left -= 1
            if not early:
                await guest.acknowledge(pending)
                for buffer in queue.used():
                    work.judge(buffer)
                    left -= 1
            await bench.clock.cycles(6)
        await bench.clock.cycles(40)
        await guest.acknowledge()
        seen = len(bench.line.rises)


@check("The line does not rise without a cause", "MUST", "4.2.3.4", "MMIO-50 MMIO-52", "rings irq")
async def no_spurious_line(bench: Bench) -> None:
    guest, work = await started(bench)
    await bench.rest()
    await guest.acknowledge()
    await bench.clock.cycles(10)
    for _ in range(6):
        rises = len(bench.line.rises)
        await bench.clock.cycles(150)
        bench.expect(len(bench.line.rises) == rises, "irq rises with no buffer available")
        if not await _one(bench, guest, work):
            raise Blocked("a buffer is not used")
        await bench.until(lambda: bench.line.level == 1, bench.quiet, 2)
        await bench.clock.cycles(60)
        await guest.acknowledge()
        await bench.clock.cycles(60)
        bench.expect(bench.line.level == 0, "irq rises again after its acknowledge, with nothing new used")
        await guest.acknowledge()


@check("A line shared with other devices: handling nothing does no harm", "MUST", "4.2.3.4", "MMIO-51", "rings irq")
async def shared_line(bench: Bench) -> None:
    guest, work = await started(bench)
    for _ in range(5):
        await guest.acknowledge(await guest.interrupt_status())  # not mine: InterruptACK is written with 0
        if not await _one(bench, guest, work):
            raise Blocked("a buffer is not used")
        if not bench.expect(
            await bench.until(lambda: bench.line.level == 1), "irq does not rise after an acknowledge of nothing"
        ):
            return
        await guest.acknowledge(await guest.interrupt_status())
        await guest.acknowledge(await guest.interrupt_status())


@check(
    "The account of the line: each used buffer of which the driver wishes to hear is told of",
    "MUST",
    "2.7.7.2",
    "MMIO-50 MMIO-55 SPLIT-10 SPLIT-14",
    "m_axi irq",
)
async def account_of_the_line(bench: Bench) -> None:
    guest, work = await started(bench)
    for batch in (1, 3, 2):
        await work.run(2 * batch, batch, most_bytes=512)
        await bench.rest()
        await guest.acknowledge()
        await bench.clock.cycles(20)
    del bench.findings[:]  # what is served is the business of other checks
    account = InterruptAccount(bench.trace, bench.line.changes)
    for finding in account.judge():
        if finding.rule in ("lost", "early", "without cause"):
            bench.find(f"{finding.rule}: {finding.text}", finding.cycle)
    bench.learnt = account.counts["events"]
