# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What a device may touch in memory: nothing but what was announced."""

from cocotbext.virtio.conformance.bench import Bench, NotCheckable
from cocotbext.virtio.conformance.guest import Guest
from cocotbext.virtio.conformance.registry import check
from cocotbext.virtio.conformance.workload import Workload, started
from cocotbext.virtio.rings import Placement


@check(
    "Every byte read or written had been announced, and was the device's at that moment",
    "MUST",
    "2.7.5.1",
    "SPLIT-1 PACKED-6 MMIO-37",
    "m_axi",
)
async def only_what_was_announced(bench: Bench) -> None:
    guest, work = await started(bench, size=8)
    await work.run(12, 3)
    await bench.rest()
    bench.order("V-13")


@check("No byte beside a buffer or a ring changes", "MUST", "2.7.5.1", "SPLIT-1 PACKED-6", "rings")
async def neighbours_stay(bench: Bench) -> None:
    guest, work = await started(bench)
    await guest.negotiate()
    base = bench.settings.memory_base + bench.settings.memory_bytes // 2
    area = 0x8000
    canary = bench.fork().randbytes(area)
    bench.memory.write(base, canary)
    own: list[tuple[int, int]] = []

    class Noted(Placement):
        """Notes every place that it gives."""

        def place(self, length: int, alignment: int | None = None) -> int:
            address = super().place(length, alignment)
            own.append((address, length))
            return address

    placement = Noted(bench.memory, base, area, bench.fork(), 16, 48)
    await guest.all_queues(8, placement=placement)
    await guest.driver_ok()
    await work.prepare()
    await work.run(10, 2)
    await bench.rest()
    now = bench.ram.read(base, area)
    covered = bytearray(area)
    for address, length in own:
        covered[address - base : address - base + length] = b"\1" * length
    wrong = [index for index in range(area) if not covered[index] and now[index] != canary[index]]
    bench.expect(
        not wrong,
        f"{len(wrong)} bytes beside buffers and rings changed, the first at {base + wrong[0] if wrong else 0:#x}",
    )


@check("Descriptor table and available ring are never written", "MUST", "2.7.5.1", "SPLIT-1", "rings")
async def drivers_areas_stay(bench: Bench) -> None:
    guest, work = await started(bench, size=8)
    await work.run(6, 2)
    queue = guest.queues[work.queue]
    work.post(work.request(), publish=False)
    queue.publish()
    _, table, driver, _ = queue.layout
    before = bench.ram.read(table, 16 * queue.size), bench.ram.read(driver, 6 + 2 * queue.size)
    await guest.kick(work.queue)
    await work.collect()
    await bench.rest()
    after = bench.ram.read(table, 16 * queue.size), bench.ram.read(driver, 6 + 2 * queue.size)
    for name, old, new in zip(("descriptor table", "available ring"), before, after):
        bench.expect(old == new, f"the {name} changed while a buffer was used")


@check("Addresses above 4 GiB are reached, and not their lower 32 bits", "MUST", "4.2.2", "MMIO-60", "rings")
async def above_4_gib(bench: Bench) -> None:
    guest = Guest(bench)
    work = Workload(guest)
    await started(bench)
    if not guest.offered:
        await guest.begin()
    high = (0x1_0000_0000 if bench.settings.memory_base < 1 << 32 else 0) + (bench.settings.memory_base | 0x40_0000)
    width = len(bench.dut.m_axi_araddr) if bench.has("m_axi") else 64
    if high >= 1 << width:
        raise NotCheckable(f"m_axi has addresses of {width} bits")
    bench.ram.ranges = (*bench.ram.ranges, (high, 0x10_0000))
    # The same place without its upper half is memory, too, and must keep its content.
    low = high & 0xFFFF_FFFF
    if not any(first <= low < first + size for first, size in bench.ram.ranges):
        bench.ram.ranges = (*bench.ram.ranges, (low, 0x10_0000))
    canary = bench.fork().randbytes(0x4000)
    bench.ram.write(low, canary)
    placement = Placement(bench.memory, high, 0x4000, bench.fork(), 16)
    await guest.negotiate()
    await guest.all_queues(8, placement=placement)
    await guest.driver_ok()
    await work.prepare()
    work.post(work.request(512))
    await guest.kick(work.queue)
    bench.expect(bool(await work.collect()), f"a buffer at {high:#x} is not used")
    bench.expect(
        bench.ram.read(low, 0x4000) == canary, f"memory at {low:#x} changed: the upper half of addresses is lost"
    )


@check("A device reads descriptors anew for every buffer", "MUST", "2.7.13", "SPLIT-8", "rings")
async def descriptors_are_read_anew(bench: Bench) -> None:
    _, work = await started(bench, size=4)
    # The same few descriptors, with other addresses each time.
    await work.run(12, 1, what="descriptors that are used again with other addresses")
