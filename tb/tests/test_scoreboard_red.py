# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The scoreboard goes red: transactions that the endpoint never made, one of each kind, and ones that it kept back.

Plain counterpart of test_scoreboard, which damages real messages on their way. Each test works on a healthy endpoint
and
lies to the scoreboard about it.
"""

import cocotb
from cocotbext.virtio.config import EVENT_CONFIG, used_event
from cocotbext.virtio.registers import MsiCommand, Register
from cocotbext.virtio.scoreboard.scoreboard import ScoreboardError
from cocotbext.virtio.transactions import (
    ConfigAccess,
    DeviceReset,
    EventAccepted,
    FaultReported,
    KickTaken,
    LineLevel,
    MessageAnswered,
    MessagePresented,
    MessageStarted,
    RegisterRead,
    RegisterWrite,
)

from tb.tests.support.covers import covers
from tb.tests.support.directed import TIMEOUT, working


async def red(bench, *expected: str) -> str:
    """Make the end-of-test check and expect the scoreboard to object; returns its words."""
    try:
        await bench.finish(*expected)
    except ScoreboardError as error:
        await bench.cycles(1)
        return str(error)
    raise AssertionError("the scoreboard believes it")


def lie(bench, *transactions) -> None:
    """Tell the scoreboard what never happened. What it objects to at once, red() hears from the end-of-test check."""
    core = bench.scoreboard
    for transaction in transactions:
        if isinstance(transaction, RegisterWrite):
            core.write_accepted(transaction)
        elif isinstance(transaction, RegisterRead):
            core.read_responded(transaction)
        else:
            core.observe(transaction)


async def message(bench, address: int, data: int, response: int = 0) -> None:
    """Lie about a whole message."""
    cycle = bench.interface.clock.cycle
    lie(bench, MessageStarted(cycle, address, data), MessagePresented(cycle, cycle, cycle, address, data))
    await bench.cycles(2)
    lie(bench, MessageAnswered(bench.interface.clock.cycle, response))


@cocotb.test(**TIMEOUT)
@covers("bench shows")
async def nothing_compared(dut):
    """A test that expects messages and has none is no proof."""
    bench = await working(dut)
    assert "no messages" in await red(bench, "messages")


@cocotb.test(**TIMEOUT)
@covers("bench sees")
async def message_without_a_cause(dut):
    """A configured pair, but no event."""
    bench = await working(dut)
    try:
        await message(bench, *bench.message_of(1))
    except ScoreboardError:
        return
    await red(bench)


@cocotb.test(**TIMEOUT)
@cocotb.parametrize(address_error=[0, 4, 1 << 63], data_error=[0, 1, 1 << 31])
@covers("bench sees")
async def message_of_nobody(dut, address_error, data_error):
    """An address or data that no vector was given; both right, once too often."""
    bench = await working(dut)
    await bench.event(used_event(0))
    await bench.expect_messages(1)
    address, data = bench.message_of(1)
    try:
        await message(bench, address ^ address_error, data ^ data_error)
    except ScoreboardError:
        return
    await red(bench)


@cocotb.test(**TIMEOUT)
@cocotb.parametrize(index=[EVENT_CONFIG, used_event(0)])
@covers("bench sees")
async def event_without_a_message(dut, index):
    """An event was accepted, and no message followed."""
    bench = await working(dut)
    lie(bench, EventAccepted(bench.interface.clock.cycle, index))
    assert "rule" in await red(bench)


@cocotb.test(**TIMEOUT)
@covers("bench sees")
async def event_without_the_line(dut):
    """An event was accepted, and the line did not rise."""
    bench = await working(dut, msi=False)
    lie(bench, EventAccepted(bench.interface.clock.cycle, EVENT_CONFIG))
    await red(bench)


def _others(cycle: int) -> dict:
    return {
        "line": LineLevel(cycle, 1),
        "kick": KickTaken(cycle, 0, 0),
        "kick of no queue": KickTaken(cycle, 0x400, 0x400),
        "fault": FaultReported(cycle, 1),
        "reset": DeviceReset(cycle),
        "config access": ConfigAccess(cycle, 0, 0xF, 0x12345678),
        "Status": RegisterRead(Register.STATUS, 0, cycle - 2, cycle, cycle),
        "InterruptStatus": RegisterRead(Register.INTERRUPT_STATUS, 1, cycle - 2, cycle, cycle),
        "MagicValue": RegisterRead(Register.MAGIC_VALUE, 0x74726977, cycle - 2, cycle, cycle),
        "MsiVecNum": RegisterRead(Register.MSI_VEC_NUM, 1, cycle - 2, cycle, cycle),
        "MsiVecState": RegisterRead(Register.MSI_VEC_STATE, 0xFFFF0007, cycle - 2, cycle, cycle),
    }


@cocotb.test(**TIMEOUT)
@cocotb.parametrize(kind=list(_others(0)))
@covers("bench sees")
async def transaction_without_a_cause(dut, kind):
    """The line, a kick, a fault, a reset, an access of the device's configuration, a wrong value read."""
    bench = await working(dut)
    try:
        lie(bench, _others(bench.interface.clock.cycle)[kind])
    except ScoreboardError:
        return
    await red(bench)


@cocotb.test(expect_error=ScoreboardError, **TIMEOUT)
@covers("bench sees")
async def message_after_mask(dut):
    """The scoreboard is told of a MASK that the endpoint was never given: the message after it is one too many."""
    bench = await working(dut)
    await bench.write(Register.MSI_VEC_SEL, 1)
    await bench.settle()
    cycle = bench.interface.clock.cycle
    mask = RegisterWrite(Register.MSI_CMD, MsiCommand.MASK, 0xF, cycle)
    lie(bench, mask)
    await bench.cycles(3)
    mask.responded = bench.interface.clock.cycle
    bench.scoreboard.write_responded(mask)
    await bench.cycles(20)
    await bench.event(used_event(0))
    await bench.finish("messages")
