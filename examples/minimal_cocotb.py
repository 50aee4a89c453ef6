# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Ten lines: an event of a masked vector is held, UNMASK sends one message, and the scoreboard saw it all."""

import cocotb
from cocotbext.virtio.bench import Bench
from cocotbext.virtio.config import used_event
from cocotbext.virtio.registers import MsiCommand


@cocotb.test(timeout_time=1, timeout_unit="ms")
async def held_while_masked(dut):
    """MSI-22: a masked vector keeps its event; UNMASK sends exactly one message."""
    bench = Bench(dut)
    await bench.start()
    await bench.bring_up()  # negotiate, queues, vectors, ENABLE, DRIVER_OK
    await bench.command(MsiCommand.MASK, vector=1)
    await bench.event(used_event(0))
    await bench.cycles(20)
    assert not bench.messages
    await bench.command(MsiCommand.UNMASK, vector=1)
    await bench.cycles(20)
    assert len(bench.messages) == 1
    await bench.finish("messages", "events")
