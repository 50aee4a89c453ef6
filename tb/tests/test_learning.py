# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""A tutorial in plain cocotb: one interrupt by message, one by line, one that is masked.

Run it with   make sim TEST=test_learning   and look at it with   make sim TEST=test_learning SIM=icarus WAVES=1
"""

import cocotb
from cocotbext.virtio.config import EVENT_CONFIG, used_event
from cocotbext.virtio.registers import InterruptBit, MsiCommand, Register, StatusBit

from tb.tests.support.bench import Bench
from tb.tests.support.covers import covers


# A test is a coroutine that gets the design. It always has a timeout: a deadlock then fails instead of running on.
@cocotb.test(timeout_time=1, timeout_unit="ms")
@covers("rule 4", "MSI-27")
async def interrupt_by_message(dut):
    # The bench drives every input, watches every output, and compares all of it with a reference model.
    bench = Bench(dut)
    await bench.start()

    # What a driver does first: reset, say hello, accept features. FEATURES_OK reads back if the endpoint agrees.
    status = await bench.negotiate()
    assert status & StatusBit.FEATURES_OK

    # One queue, and one vector: the message for queue 0 is a write of 0x21 to 0xFEE0_0000.
    await bench.enable_queue(0)
    await bench.configure(1, address=0xFEE0_0000, data=0x21)
    await bench.write(Register.QUEUE_SEL, 0)
    await bench.command(MsiCommand.MAP_QUEUE, vector=1)
    await bench.command(MsiCommand.ENABLE)
    await bench.driver_ok()

    # The device behind the endpoint has used a buffer of queue 0. It tells so through the event port.
    accepted = await bench.event(used_event(0))
    await bench.cycles(10)

    # The message is out, a few cycles later, and nothing else is. The line stays low, no register is needed.
    (message,) = bench.messages
    assert (message.address, message.data) == (0xFEE0_0000, 0x21)
    assert message.presented - accepted <= 2
    assert await bench.read(Register.INTERRUPT_STATUS) == 0

    # Wait until all is quiet for the end-of-test check: every event must be accounted for, and at least one message
    # must have been compared, so that the test cannot pass by doing nothing.
    await bench.finish("messages", "events")


@cocotb.test(timeout_time=1, timeout_unit="ms")
@covers("rule 2", "MMIO-50", "MMIO-51", "MMIO-52")
async def interrupt_by_line(dut):
    bench = Bench(dut)
    await bench.start()
    # bring_up() is all of the above in one call; without MSI the endpoint is a plain virtio-mmio device.
    await bench.bring_up(msi=False)

    await bench.event(EVENT_CONFIG)
    await bench.interface.line_monitor.wait_for(1)

    # The driver has to ask what it was, and to acknowledge it: two register accesses more than a message costs.
    assert await bench.read(Register.INTERRUPT_STATUS) == InterruptBit.CONFIG_CHANGE
    await bench.write(Register.INTERRUPT_ACK, InterruptBit.CONFIG_CHANGE)
    await bench.interface.line_monitor.wait_for(0)
    await bench.finish("line changes", "events")


@cocotb.test(timeout_time=1, timeout_unit="ms")
@covers("rule 6", "MSI-30", "MSI-31", "L1")
async def masked_vector(dut):
    bench = Bench(dut)
    await bench.start()
    await bench.bring_up()

    # Three events while the vector is masked: none is sent, none is lost.
    await bench.command(MsiCommand.MASK, vector=1)
    for _ in range(3):
        await bench.event(used_event(0))
    await bench.cycles(20)
    assert not bench.messages

    # UNMASK sends one message for all three: the driver looks at its whole queue anyway.
    await bench.command(MsiCommand.UNMASK, vector=1)
    await bench.cycles(20)
    assert len(bench.messages) == 1
    await bench.finish("messages", "events")
