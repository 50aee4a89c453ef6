# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Rules of AXI4 and AXI4-Lite on all ports."""

from collections.abc import Iterable

from cocotbext.virtio.bfm.axi_memory import MemoryTiming
from cocotbext.virtio.conformance.bench import Bench
from cocotbext.virtio.conformance.guest import Guest
from cocotbext.virtio.conformance.register_bus import BusTiming
from cocotbext.virtio.conformance.registry import check
from cocotbext.virtio.conformance.workload import started
from cocotbext.virtio.registers import Register
from cocotbext.virtio.rings import Placement


def _report(bench: Bench, broken: Iterable[tuple[int, str]]) -> None:
    for cycle, text in broken:
        bench.find(text, cycle)


async def _registers(bench: Bench) -> None:
    """Accesses of every kind."""
    guest = Guest(bench)
    await guest.negotiate()
    await guest.queue_max(0)
    for offset in (0, 4, 8, 0x34, 0x44, 0x60, 0x70, 0x100):
        await bench.read(offset)
    await bench.write(Register.QUEUE_NUM, 4)
    bench.learnt += 1


@check("The register bus keeps the rules of AXI4-Lite", "BUS", "AXI A3.2", "A-2")
async def register_bus_rules(bench: Bench) -> None:
    await _registers(bench)
    _report(bench, bench.bus_broken)


@check("BREADY and RREADY that come late change nothing", "BUS", "AXI A3.2.1", "A-2")
async def register_bus_late_ready(bench: Bench) -> None:
    bench.bus.timing = BusTiming(ready_after=6)
    await _registers(bench)
    magic = await bench.read(Register.MAGIC_VALUE)
    bench.expect(magic == 0x7472_6976, f"MagicValue reads {magic:#x} with a late RREADY")
    _report(bench, bench.bus_broken)


@check("Address and data of a write may come in any order", "BUS", "AXI A3.3", "A-2")
async def register_bus_skew(bench: Bench) -> None:
    guest = Guest(bench)
    await guest.negotiate()
    most = await guest.queue_max(0)
    for _ in range(24):
        bench.bus.timing = BusTiming()
        await bench.write(Register.QUEUE_SEL, 0xFFFF)
        bench.bus.timing = BusTiming(skew=6)
        await bench.write(Register.QUEUE_SEL, 0)
        bench.bus.timing = BusTiming()
        value = await bench.read(Register.QUEUE_NUM_MAX)
        if not bench.expect(
            value == most,
            f"QueueNumMax of queue 0 reads {value}, not {most}: the write of QueueSel, whose address and "
            "data came apart, went wrong",
        ):
            return
    _report(bench, bench.bus_broken)


@check("Reads and writes at the same time do not disturb one another", "BUS", "AXI A3.3", "A-2")
async def register_bus_both_ways(bench: Bench) -> None:
    import cocotb

    guest = Guest(bench)
    await guest.negotiate()
    for number in range(24):
        writing = cocotb.start_soon(bench.bus.write(Register.QUEUE_SEL, number & 1))
        await bench.clock.cycles(number % 3)
        magic = await bench.read(Register.MAGIC_VALUE)
        await writing
        bench.expect(magic == 0x7472_6976, f"MagicValue reads {magic:#x} while a write is under way")
    _report(bench, bench.bus_broken)


@check("No output is unknown after a reset", "BUS", "AXI A3.1.2", "A-2", "irq")
async def outputs_are_known(bench: Bench) -> None:
    names = ["irq", "s_axil_awready", "s_axil_wready", "s_axil_bvalid", "s_axil_arready", "s_axil_rvalid"]
    if bench.has("m_axi"):
        names += ["m_axi_awvalid", "m_axi_wvalid", "m_axi_arvalid", "m_axi_bready", "m_axi_rready"]
    if bench.has("m_axil"):
        names += ["m_axil_awvalid", "m_axil_wvalid", "m_axil_bready"]
    for name in names:
        value = str(getattr(bench.dut, name).value)
        bench.expect(value in ("0", "1"), f"{name} is {value} after a reset")
    for name in ("s_axil_bvalid", "s_axil_rvalid"):
        bench.expect(str(getattr(bench.dut, name).value) != "1", f"{name} is high after a reset, with no access")
    for offset in (0, 4, 8, 0xC, 0x10, 0x34, 0x44, 0x60, 0x70, 0xFC):
        await bench.read(offset)
    _report(bench, bench.bus_broken)


@check("The memory port keeps the rules of AXI4", "BUS", "AXI A3", "A-1 A-2", "m_axi")
async def memory_bus_rules(bench: Bench) -> None:
    guest, work = await started(bench)
    await work.run(10, 3)
    await bench.rest()
    left = bench.axi.left_over()
    if left:
        bench.find(left)
    bench.learnt += bench.axi.beats
    _report(bench, bench.axi_broken)


@check("The memory port keeps the rules of AXI4 under stalls of every kind", "BUS", "AXI A3", "A-1 A-2", "m_axi")
async def memory_bus_stalls(bench: Bench) -> None:
    guest, work = await started(bench)
    rng = bench.fork()
    bench.patience *= 5
    for _ in range(4):
        bench.axi.timing = MemoryTiming.drawn(rng, 20)
        if not await work.run(2, 2, most_bytes=512, what=f"with {bench.axi.timing}"):
            break
    _report(bench, bench.axi_broken)


@check("VALID does not wait for READY", "BUS", "AXI A3.2.1", "A-2", "m_axi")
async def valid_does_not_wait(bench: Bench) -> None:
    guest, work = await started(bench)
    for order in ("any", "w_first", "aw_first"):
        bench.axi.timing = MemoryTiming(ready_after_valid=True, order=order, read_latency=(2, 4), write_latency=(2, 4))
        if not await work.run(3, what=f"READY only after VALID ({order})"):
            return


@check("No burst crosses a 4 KB boundary", "BUS", "AXI A3.4.1", "A-1", "m_axi")
async def bursts_stay_in_4_kb(bench: Bench) -> None:
    guest, work = await started(bench)
    await guest.negotiate()
    base = bench.settings.memory_base + bench.settings.memory_bytes // 2

    class Edge(Placement):
        """Every place lies across a 4 KB boundary."""

        def place(self, length: int, alignment: int | None = None) -> int:
            alignment = alignment or 1
            self._free = (self._free // 4096 + 2) * 4096
            address = (self._free - max(1, length // 2)) // alignment * alignment
            self._places[address] = address, length
            return address

        def release(self, address: int) -> None:
            self._places.pop(address)

    await guest.all_queues(8, placement=Edge(bench.memory, base, bench.settings.memory_bytes // 4))
    await guest.driver_ok()
    await work.prepare()
    await work.run(6, 2, most_bytes=6 * 512, what="buffers across 4 KB boundaries")
    _report(bench, [each for each in bench.axi_broken if "4 KB" in each[1]])


@check("The message port keeps the rules of AXI4-Lite", "BUS", "AXI A3.2", "A-2", "m_axil rings")
async def message_bus_rules(bench: Bench) -> None:
    from cocotbext.virtio.conformance.checks.messages import _started

    msi, work = await _started(bench)
    bench.messages.ready, bench.messages.latency = 0.3, 10
    for _ in range(8):
        await msi.one(work)
    await bench.until(lambda: bench.messages.idle)
    bench.learnt += len(bench.messages.messages)
    _report(bench, bench.messages_broken)
