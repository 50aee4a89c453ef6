# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
"""virtio_mmio_console with a driver."""

import cocotb
from cocotb.triggers import RisingEdge
from cocotbext.virtio.registers import Register

from tb.tests.support.covers import covers
from tb.tests.support.rtl_device_bench import DeviceBench

RECEIVE, TRANSMIT = 0, 1


class ConsoleBench(DeviceBench):
    """With a terminal: *shown* is what the driver sent, *typed* what is still to be sent to the driver."""

    def __init__(self, dut, **options):
        super().__init__(dut, **options)
        self.shown, self.typed = bytearray(), bytearray()
        dut.m_axis_tx_tready.value = 0
        dut.s_axis_rx_tvalid.value = 0
        dut.cols.value, dut.rows.value = 80, 25
        cocotb.start_soon(self._terminal())

    async def _terminal(self):
        dut, ready, offered = self.dut, False, False
        while True:
            await RisingEdge(dut.aclk)
            if not int(dut.aresetn.value):
                continue
            if ready and int(dut.m_axis_tx_tvalid.value):
                self.shown.append(int(dut.m_axis_tx_tdata.value))
            if offered and int(dut.s_axis_rx_tready.value):
                del self.typed[0]
                offered = False
            ready = self.rng.random() < 0.6
            dut.m_axis_tx_tready.value = int(ready)
            if not offered:
                offered = bool(self.typed) and self.rng.random() < 0.5
                dut.s_axis_rx_tvalid.value = int(offered)
                if offered:
                    dut.s_axis_rx_tdata.value = self.typed[0]


@cocotb.test(timeout_time=20, timeout_unit="ms")
async def both_ways(dut):
    """What the driver sends is shown, what is typed is received; by line and by message."""
    bench = ConsoleBench(dut)
    await bench.start()
    assert await bench.registers.read(Register.DEVICE_ID) == 3
    assert await bench.config(0) == 25 << 16 | 80 and await bench.config(4) == 1
    for msi in (False, True):
        await bench.bring_up([8, 8], 7, msi=msi)
        text, typed, received = b"", bench.rng.randbytes(150), b""
        bench.shown.clear()
        for _ in range(3):
            await bench.add(RECEIVE, (), [bench.rng.randint(1, 40)])
        await bench.kick(RECEIVE)
        bench.typed += typed
        sent = 0
        for _ in range(8):
            parts = [bench.rng.randbytes(bench.rng.randint(1, 50)) for _ in range(bench.rng.randint(1, 2))]
            if await bench.add(TRANSMIT, parts, (), bench.rng.random() < 0.5):
                text += b"".join(parts)
                sent += 1
                await bench.kick(TRANSMIT)
        used = await bench.collect(TRANSMIT, sent)
        assert [buffer.written for buffer in used] == [0] * sent
        while len(received) < len(typed):
            for buffer in await bench.collect(RECEIVE, 1):
                assert buffer.written
                received += buffer.received(buffer.written)
                await bench.add(RECEIVE, (), [bench.rng.randint(1, 40)])
            await bench.kick(RECEIVE)
        assert received == typed
        for _ in range(3000):
            if len(bench.shown) >= len(text):
                break
            await bench.cycles(1)
        assert bench.shown == text
    await bench.healthy()


@cocotb.test(timeout_time=20, timeout_unit="ms")
@covers("DEV-20", "DEV-24")
async def size_and_emergency(dut):
    """DEV-23, DEV-24: emerg_wr works before any driver; a change of the size is told."""
    bench = ConsoleBench(dut)
    await bench.start()
    for value in b"panic":
        await bench.registers.write(0x108, value)
    await bench.cycles(60)
    assert bench.shown == b"panic"
    await bench.bring_up([8, 8], 7)
    generation = await bench.registers.read(Register.CONFIG_GENERATION)
    dut.cols.value = 132
    assert await bench.interrupt(100) and bench.config_changes == 1
    assert await bench.config(0, 2) == 132
    assert await bench.registers.read(Register.CONFIG_GENERATION) != generation
    await bench.healthy()
