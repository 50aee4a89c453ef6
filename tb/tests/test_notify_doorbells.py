# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Doorbells: the 2020 meaning of feature bit 39, at whatever base and stride the endpoint is built with."""

import random

import cocotb
from cocotbext.virtio.registers import CONFIG_WINDOW_OFFSET, FeatureBit, Register

from tb.tests.support.covers import covers
from tb.tests.support.directed import CONFIG, TIMEOUT, started, working

QUEUES = CONFIG.num_queues
DOORBELLS = bool(CONFIG.notify_doorbells)
BASE, STRIDE = CONFIG.notify_base, CONFIG.notify_multiplier
NOTIFICATION = 1 << FeatureBit.MMIO_NOTIFICATION
NOTIFICATION_DATA = CONFIG.offered_features >> FeatureBit.NOTIFICATION_DATA & 1
OWN_ADDRESSES = DOORBELLS and STRIDE != 0  # one doorbell for each queue


async def kicks_of(bench) -> list[tuple[int, int]]:
    """Queue and data of the kicks since the last call, once all have come."""
    await bench.settle()
    kicks = [(kick.queue, kick.data) for kick in bench.kicks]
    bench.kicks.clear()
    return kicks


async def kickable(dut, features: int = CONFIG.offered_features):
    """A working bench with the features given; no kick is under way."""
    bench = await started(dut)
    await bench.negotiate(features)
    for queue in range(QUEUES):
        await bench.enable_queue(queue)
    await bench.driver_ok()
    await kicks_of(bench)
    return bench


@cocotb.test(skip=not DOORBELLS, **TIMEOUT)
@covers("NTF-1", "NTF-6", "NTF-7")
async def notify_structure(dut):
    """With bit 39 negotiated, 0x050 reads base and multiplier; both are multiples of 4, clear of the registers."""
    bench = await kickable(dut)
    value = await bench.read(Register.QUEUE_NOTIFY)
    assert (value & 0xFFFF, value >> 16) == (BASE, STRIDE)
    assert BASE % 4 == STRIDE % 4 == 0
    assert CONFIG_WINDOW_OFFSET + CONFIG.config_bytes <= BASE or (BASE, STRIDE) == (Register.QUEUE_NOTIFY, 0)
    assert await kicks_of(bench) == [], "a read kicks nothing"
    await bench.finish("register reads")


@cocotb.test(skip=not DOORBELLS, **TIMEOUT)
@covers("NTF-10", "NTF-13")
async def offered_is_not_negotiated(dut):
    """Before FEATURES_OK, after reset, and for a driver that declines bit 39: 0x050 reads 0, doorbells do nothing."""
    bench = await started(dut)
    assert await bench.read(Register.QUEUE_NOTIFY) == 0
    bench = await kickable(dut, CONFIG.offered_features & ~NOTIFICATION)
    assert await bench.read(Register.QUEUE_NOTIFY) == 0
    for queue in range(QUEUES):
        if BASE != Register.QUEUE_NOTIFY:
            await bench.write(BASE + queue * STRIDE, queue)
            assert await kicks_of(bench) == [], "a doorbell that was not negotiated rings"
        await bench.write(Register.QUEUE_NOTIFY, queue)
        assert await kicks_of(bench) == [(queue, queue)], "0x050 must stay"
    await bench.write(Register.STATUS, 0)
    assert await bench.read(Register.QUEUE_NOTIFY) == 0
    await bench.finish("kicks")


@cocotb.test(skip=DOORBELLS, **TIMEOUT)
@covers("NTF-13")
async def no_doorbells(dut):
    """An endpoint without doorbells reads 0 at 0x050, and no address beside it kicks."""
    bench = await kickable(dut)
    assert not CONFIG.offered_features & NOTIFICATION
    assert await bench.read(Register.QUEUE_NOTIFY) == 0
    for address in (BASE % (1 << CONFIG.addr_width), 0x54, 0x4C, CONFIG_WINDOW_OFFSET + CONFIG.config_bytes, 0xFFC):
        if address % 0x100:
            await bench.write(address, 0)
    assert await kicks_of(bench) == []
    await bench.finish("register writes")


@cocotb.test(skip=not OWN_ADDRESSES, **TIMEOUT)
@covers("NTF-2", "NTF-4", "NTF-5")
async def address_tells_the_queue(dut):
    """A doorbell kicks the queue of its address, whatever is written; the device gets the value."""
    bench = await kickable(dut)
    for queue in range(QUEUES):
        for value in (queue, 0, (queue + 1) % QUEUES, QUEUES, 0xFFFFFFFF, random.getrandbits(32)):
            await bench.write(CONFIG.doorbell(queue), value)
            assert await kicks_of(bench) == [(queue, value)]
    await bench.finish("kicks")


@cocotb.test(skip=not OWN_ADDRESSES, **TIMEOUT)
@covers("choice 4", "MMIO-5")
async def beside_the_doorbells(dut):
    """Addresses around and between the doorbells, and narrow or unaligned writes, kick nothing; reads give 0."""
    bench = await kickable(dut)
    doorbells = {CONFIG.doorbell(queue) for queue in range(QUEUES)}
    end = BASE + QUEUES * STRIDE
    between = range(BASE, end, 4)
    others = {
        BASE - 4,
        end,
        end + 4,
        end + STRIDE,
        BASE + 0x400,
        BASE + 0x800,
        *random.sample(between, min(len(between), 200)),
        *(doorbell + distance for doorbell in doorbells for distance in (-4, 4, 1 << 32, 1 << 63)),
    } - doorbells
    for address in sorted(others):
        if CONFIG_WINDOW_OFFSET + CONFIG.config_bytes <= address < 1 << CONFIG.addr_width:
            await bench.write(address, 0)
    for doorbell in doorbells:
        assert await bench.read(doorbell) == 0
        for strobe in range(15):
            await bench.interface.registers.write(doorbell, 0, strobe)
        for byte in (1, 2, 3):
            await bench.interface.registers.write(doorbell + byte, 0)
    assert await kicks_of(bench) == []
    await bench.finish("register writes")


@cocotb.test(skip=not DOORBELLS or STRIDE != 0, **TIMEOUT)
@covers("NTF-3", "NTF-4", "NTF-8")
async def one_doorbell_for_all(dut):
    """Multiplier 0: the value tells the queue, as at 0x050; at base 0x50 it is 0x050."""
    bench = await kickable(dut)
    for queue in range(QUEUES):
        await bench.write(BASE, queue)
        assert await kicks_of(bench) == [(queue, queue)]
        await bench.write(BASE, 0xABCD0000 | queue)
        assert await kicks_of(bench) == ([(queue, 0xABCD0000 | queue)] if NOTIFICATION_DATA else [])
    for value in (QUEUES, QUEUES + 1, 0xFFFF):
        await bench.write(BASE, value)
    for address in (BASE + 4, BASE - 4, BASE + (1 << 32), BASE + (1 << CONFIG.addr_width - 1)):
        if address < 1 << CONFIG.addr_width and address != BASE:
            await bench.write(address, 0)
    assert await kicks_of(bench) == []
    await bench.finish("kicks")


@cocotb.test(skip=not DOORBELLS, **TIMEOUT)
@covers("NTF-9")
async def notify_register_goes_on(dut):
    """0x050 takes kicks beside the doorbells."""
    bench = await kickable(dut)
    for queue in range(QUEUES):
        await bench.write(Register.QUEUE_NOTIFY, queue)
        assert await kicks_of(bench) == [(queue, queue)]
    for value in (QUEUES, 0x10000 + QUEUES):
        await bench.write(Register.QUEUE_NOTIFY, value)
    assert await kicks_of(bench) == []
    await bench.finish("kicks")


@cocotb.test(skip=not DOORBELLS, **TIMEOUT)
@covers("NTF-12", "MMIO-18", "MMIO-37")
async def doorbell_of_a_queue_not_ready(dut):
    """Before DRIVER_OK, or for a queue that is not ready, a doorbell does nothing, then or later."""
    bench = await started(dut)
    await bench.negotiate()
    last = QUEUES - 1
    await bench.enable_queue(0)
    await bench.enable_queue(last)
    for queue in (0, last):
        await bench.write(CONFIG.doorbell(queue), queue)
    assert await kicks_of(bench) == []
    await bench.write(Register.QUEUE_READY, 0)
    await bench.driver_ok()
    assert await kicks_of(bench) == [(queue, queue) for queue in {0, last} - {last}]
    await bench.write(CONFIG.doorbell(last), last)
    await bench.write(Register.QUEUE_READY, 1)
    assert await kicks_of(bench) == []
    await bench.write(CONFIG.doorbell(last), last)
    assert await kicks_of(bench) == [(last, last)]
    await bench.finish("kicks")


@cocotb.test(skip=not DOORBELLS, **TIMEOUT)
@covers("NTF-2", "NTF-9")
async def doorbells_merge(dut):
    """While the device takes nothing, kicks by doorbell and by 0x050 merge per queue; none is lost."""
    bench = await working(dut)
    await kicks_of(bench)
    bench.interface.kick_sink.hold()
    for _ in range(3):
        for queue in range(QUEUES):
            await bench.write(CONFIG.doorbell(queue), queue)
            await bench.write(Register.QUEUE_NOTIFY, queue)
    bench.interface.kick_sink.release()
    kicks = await kicks_of(bench)
    assert {queue for queue, _ in kicks} == set(range(QUEUES))
    assert len(kicks) <= QUEUES + 1
    await bench.finish("kicks")
