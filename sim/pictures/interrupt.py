# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What docs/pictures/interrupt.svg shows: an event becomes a message; two more meet a masked vector and wait for
UNMASK."""

import json
from pathlib import Path
from typing import Any

import cocotb
from cocotbext.virtio.config import used_event
from cocotbext.virtio.registers import MsiCommand, Register

from tb.tests.support.bench import Bench

SAMPLES = Path("samples.json")  # in the directory of the run
SIGNALS = (
    "s_axil_awvalid",
    "s_axil_awaddr",
    "s_axil_wdata",
    "s_axil_bvalid",
    "event_valid",
    "event_ready",
    "event_index",
    "m_axil_awvalid",
    "m_axil_wvalid",
    "m_axil_awaddr",
    "m_axil_wdata",
    "m_axil_bvalid",
    "irq",
)


@cocotb.test(timeout_time=1, timeout_unit="ms")
async def interrupt(dut: Any) -> None:
    """Sample the ports at every rising edge, from the first event on."""
    bench = Bench(dut)
    await bench.start()
    await bench.bring_up()
    await bench.write(Register.MSI_VEC_SEL, 1)
    await bench.cycles(40)

    samples = []

    async def sample() -> None:
        while True:
            await bench.interface.clock.edge
            samples.append({name: int(getattr(dut, name).value) for name in SIGNALS})

    sampler = cocotb.start_soon(sample())
    await bench.cycles(2)
    await bench.event(used_event(0))
    await bench.cycles(7)
    await bench.command(MsiCommand.MASK)
    await bench.cycles(2)
    for _ in range(2):
        await bench.event(used_event(0))
        await bench.cycles(5)
    await bench.command(MsiCommand.UNMASK)
    await bench.cycles(8)
    sampler.cancel()
    assert len(bench.messages) == 2
    SAMPLES.write_text(json.dumps(samples))
    await bench.finish("messages", "events")
