# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The test that runs in the simulator: anybody's device, with the ports of the conformance suite, in a machine."""

import json
import os
import random
import zlib
from pathlib import Path

import cocotb
from cocotbext.virtio.bfm.axi_memory import AxiMemory, MemoryTiming
from cocotbext.virtio.clock_reset import ClockReset
from cocotbext.virtio.conformance.ports import Line, MessageSink
from cocotbext.virtio.conformance.register_bus import NoAnswer, RegisterBus
from cocotbext.virtio.conformance.settings import load
from cocotbext.virtio.handles import Dut
from cocotbext.virtio.memory_transactions import MemoryWrite

from sim.cosim.guest_accesses import serve
from sim.cosim.guest_memory import DmaMemory
from sim.cosim.link import Link
from sim.cosim.machine import RESULT

PATIENCE = 300  # seconds for QEMU to start
THOUGHT = 400  # cycles in which a device shows at one of its ports what it goes on with
MOST = 20  # broken rules that are told
TIMING = MemoryTiming(read_latency=(1, 16), write_latency=(1, 16))


@cocotb.test(timeout_time=100, timeout_unit="sec")
async def foreign_in_machine(dut: Dut) -> None:
    """The guest's accesses arrive at the register bus, and the device's memory is the guest's. $COSIM says the rest."""
    machine = json.loads(os.environ["COSIM"])
    settings = load(Path(machine["device"]))
    rng = random.Random(f"foreign {os.environ['COCOTB_RANDOM_SEED']}")
    link = Link(Path(machine["socket"]), PATIENCE)
    clock = ClockReset(dut.aclk, dut.aresetn)
    broken: list[tuple[int, str]] = []

    def report(cycle: int, text: str) -> None:
        if len(broken) < MOST:
            broken.append((cycle, text))

    memory = DmaMemory(machine["memory"], machine["base"], link)
    bus = RegisterBus(dut, "s_axil", clock, settings.patience, report, rng)
    axi = AxiMemory.from_prefix(
        dut, "m_axi", clock, memory, timing=TIMING, rng=rng, report=report, answer_limit=settings.patience
    )
    line = Line(dut, clock, report)
    line.on_change(lambda cycle, level: link.set_line(level))
    messages = MessageSink(dut, "m_axil", clock, report, rng) if hasattr(dut, "m_axil_awvalid") else None
    if messages is not None:
        messages.on_message(lambda cycle, address, data: link.send_message(address, data))
    watched = bytearray(machine["watch"][1])  # what the device has written into a piece of the guest's memory
    first = machine["watch"][0]

    def written(write: MemoryWrite) -> None:
        for index, byte in enumerate(write.data):
            if write.strobes >> index & 1 and 0 <= write.address + index - first < len(watched):
                watched[write.address + index - first] = byte

    axi.on_write(written)
    clock.start()
    await clock.reset(8)
    accesses = 0

    async def access(write: bool, address: int, data: int, strobe: int) -> int:
        nonlocal accesses
        accesses += 1
        if write:
            await bus.write(address, data, strobe)
            return 0
        return (await bus.read(address))[0]

    seen: tuple = ()

    def busy() -> bool:
        nonlocal seen
        before, seen = seen, (axi.beats, len(line.changes), len(messages.messages) if messages else 0)
        return before != seen or bool(axi.outstanding) or not (messages is None or messages.idle)

    try:
        await serve(link, clock, access, busy, THOUGHT)
    except NoAnswer as error:
        broken.append((clock.cycle, str(error)))
    finally:
        link.close()
    found = {
        "broken": broken,
        "cycles": clock.cycle,
        "accesses": accesses,
        "beats": axi.beats,
        "line": len(line.rises),
        "messages": len(messages.messages) if messages else 0,
        "crc": f"{zlib.crc32(watched):08x}",
    }
    Path(RESULT).write_text(json.dumps(found, indent=1))
    await clock.edge  # a simulation must not end in the time step of a write
