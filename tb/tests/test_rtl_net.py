# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
"""virtio_mmio_net with a driver, its streams looped back."""

import cocotb
from cocotb.triggers import RisingEdge
from cocotbext.virtio.registers import Register

from tb.tests.support.covers import covers
from tb.tests.support.rtl_device_bench import DeviceBench

RECEIVE, TRANSMIT = 0, 1
MAC = 0x525400123456
HEADER = bytes(10) + b"\1\0"
SIGNALS = ("tdata", "tkeep", "tlast")


async def loopback(dut, rng):
    """Every beat sent is received, after a while."""
    beats, ready, offered = [], False, False
    while True:
        await RisingEdge(dut.aclk)
        if not int(dut.aresetn.value):
            continue
        if ready and int(dut.m_axis_tx_tvalid.value):
            beats.append([getattr(dut, f"m_axis_tx_{name}").value for name in SIGNALS])
        if offered and int(dut.s_axis_rx_tready.value):
            beats.pop(0)
            offered = False
        ready = len(beats) < 20 and rng.random() < 0.7
        dut.m_axis_tx_tready.value = int(ready)
        if not offered:
            offered = bool(beats) and rng.random() < 0.7
            dut.s_axis_rx_tvalid.value = int(offered)
            if offered:
                for name, value in zip(SIGNALS, beats[0], strict=True):
                    getattr(dut, f"s_axis_rx_{name}").value = value


async def bench_of(dut):
    bench = DeviceBench(dut)
    dut.mac.value, dut.link_up.value = MAC, 1
    dut.s_axis_rx_tvalid.value = dut.m_axis_tx_tready.value = 0
    await bench.start()
    cocotb.start_soon(loopback(dut, bench.rng))
    return bench


@cocotb.test(timeout_time=20, timeout_unit="ms")
async def frames(dut):
    """Frames of every length come back whole, in order, with the header of DEV-30..32; by line and by message."""
    bench = await bench_of(dut)
    assert await bench.registers.read(Register.DEVICE_ID) == 1
    for msi in (False, True):
        await bench.bring_up([16, 8], 1 << 5 | 1 << 16, msi=msi)
        for _ in range(12):
            await bench.add(RECEIVE, (), [12, 1514] if bench.rng.random() < 0.5 else [1526])
        await bench.kick(RECEIVE)
        sent, received, under_way = [], [], 0
        lengths = [60, 61, 64, 1514, *(bench.rng.randint(1, 300) for _ in range(16))]
        while len(received) < 20:
            while len(sent) < 20 and under_way < 4:
                frame = bench.rng.randbytes(lengths[len(sent)])
                header = bench.rng.randbytes(12)
                parts = [header, frame] if bench.rng.random() < 0.5 else [header + frame]
                assert await bench.add(TRANSMIT, parts, (), bench.rng.random() < 0.5)
                sent.append(frame)
                under_way += 1
            await bench.kick(TRANSMIT)
            if under_way:
                used = await bench.collect(TRANSMIT, 1)
                assert all(buffer.written == 0 and not buffer.damaged() for buffer in used)
                under_way -= len(used)
            if len(received) < len(sent):
                for buffer in await bench.collect(RECEIVE, 1):
                    data = buffer.received(buffer.written)
                    assert data[:12] == HEADER
                    received.append(data[12:])
                    assert await bench.add(RECEIVE, (), [1526])
                await bench.kick(RECEIVE)
        assert received == sent
    await bench.healthy()


@cocotb.test(timeout_time=20, timeout_unit="ms")
@covers("DEV-35")
async def link_and_address(dut):
    """DEV-35: MAC and link in the configuration; changes are told."""
    bench = await bench_of(dut)
    features = await bench.bring_up([16, 8], 1 << 5 | 1 << 16)
    assert features & (1 << 5 | 1 << 16) == 1 << 5 | 1 << 16
    words = [await bench.config(0), await bench.config(4)]
    space = words[0].to_bytes(4, "little") + words[1].to_bytes(4, "little")
    assert space == MAC.to_bytes(6, "big") + b"\1\0"
    for name, value in (("link_up", 0), ("mac", 0x020000000001), ("link_up", 1)):
        generation = await bench.registers.read(Register.CONFIG_GENERATION)
        getattr(dut, name).value = value
        assert await bench.interrupt(100) and bench.config_changes == 1
        bench.config_changes = 0
        assert await bench.registers.read(Register.CONFIG_GENERATION) != generation
    assert await bench.config(4) == 0x0001_0100
    await bench.healthy()
