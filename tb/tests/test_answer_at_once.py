# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""ANSWER_AT_ONCE: on an interconnect that carries one transaction at a time, no response waits for another one."""

import cocotb
from cocotbext.virtio.config import used_event
from cocotbext.virtio.registers import Register, StatusBit

from tb.tests.support.covers import covers
from tb.tests.support.directed import TIMEOUT, WORKING, started

WORKED = WORKING | StatusBit.DRIVER_OK


class OneAtATime:
    """An interconnect that carries one transaction at a time: while a register access is under way, no message is."""

    def __init__(self, bench):
        self._bench, self._sink = bench, bench.interface.msi_sink

    async def write(self, register: int, value: int) -> None:
        """Write a register; messages wait for the whole of it, response included."""
        self._sink.hold()
        await self._bench.write(register, value)
        self._sink.release()
        await self._bench.cycles(2)

    async def read(self, register: int) -> int:
        """Read a register, likewise."""
        self._sink.hold()
        value = await self._bench.read(register)
        self._sink.release()
        await self._bench.cycles(2)
        return value


async def bring_up(bench) -> None:
    """As a driver does that waits for its reset."""
    await bench.write(Register.STATUS, 0)
    while await bench.read(Register.STATUS):
        pass
    await bench.bring_up(reset=False)


async def message_on_the_bus(bench, dut) -> None:
    """Wait until a message is presented and not taken."""
    bench.interface.msi_sink.hold()
    await bench.event(used_event(0))
    while not int(dut.m_axil_awvalid.value):
        await bench.cycles(1)


@cocotb.test(**TIMEOUT)
@covers("rule 11", "MMIO-12")
async def reset_with_a_message_waiting(dut):
    """Status = 0 while a message waits for the same bus: answered; Status reads 0 when the message is done."""
    bench = await started(dut)
    bus = OneAtATime(bench)
    for _ in range(8):
        await bring_up(bench)
        await message_on_the_bus(bench, dut)
        await bench.write(Register.STATUS, 0)  # the message still waits
        assert int(dut.m_axil_awvalid.value)
        for _ in range(3):
            assert await bench.read(Register.STATUS), "Status reads 0 before the message is done"
        await bench.write(Register.STATUS, StatusBit.ACKNOWLEDGE)  # ignored
        bench.interface.msi_sink.release()
        while await bus.read(Register.STATUS):
            pass
        assert not int(dut.m_axil_awvalid.value)
        await bench.settle()
        assert await bus.read(Register.STATUS) == 0
        bench.messages.clear()
    await bench.finish("messages", "device resets")


@cocotb.test(**TIMEOUT)
@covers("rule 11", "MMIO-13")
async def reset_of_a_busy_device(dut):
    """device_idle = 0: Status = 0 is answered, and Status reads non-zero until the device is idle; if it was 0, too."""
    bench = await started(dut)
    for status in (0, StatusBit.ACKNOWLEDGE, WORKED):
        if status == WORKED:
            await bring_up(bench)
        elif status:
            await bench.write(Register.STATUS, status)
        bench.interface.device_state.idle = False
        await bench.write(Register.STATUS, 0)
        for _ in range(5):
            assert await bench.read(Register.STATUS)
            assert bench.interface.device_state.device_status == 0
        bench.interface.device_state.idle = True
        await bench.settle()
        assert await bench.read(Register.STATUS) == 0
    await bench.finish("device resets")


@cocotb.test(**TIMEOUT)
@covers("MMIO-38")
async def stop_of_a_busy_queue(dut):
    """queue_stop_done = 0: QueueReady = 0 is answered, and QueueReady reads 1 until the device is done."""
    bench = await started(dut)
    await bring_up(bench)
    for queue in range(3):
        await bench.write(Register.QUEUE_SEL, queue)
        await bench.write(Register.QUEUE_READY, 1)
        bench.interface.device_state.stop_done = False
        await bench.write(Register.QUEUE_READY, 0)
        for _ in range(5):
            assert await bench.read(Register.QUEUE_READY) == 1
        assert not (await bench.interface.queue_table.row(queue)).ready
        bench.interface.device_state.stop_done = True
        await bench.settle()
        assert await bench.read(Register.QUEUE_READY) == 0
    await bench.finish("register reads")
