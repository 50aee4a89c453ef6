# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Feature negotiation, Status, DEVICE_NEEDS_RESET."""

import cocotb
from cocotbext.virtio.config import EVENT_CONFIG, used_event
from cocotbext.virtio.registers import FeatureBit, MsiCommand, Register, StatusBit

from tb.tests.support.covers import covers
from tb.tests.support.directed import CHANGED, CONFIG, MSI, TIMEOUT, USED, WORKING, started, working

VERSION_1 = 1 << FeatureBit.VERSION_1
OFFERED = CONFIG.offered_features
BITS = [bit for bit in range(64) if OFFERED >> bit & 1]
NEEDS_RESET = StatusBit.DEVICE_NEEDS_RESET


async def accept(bench, *words: tuple[int, int]) -> bool:
    """Accept (word, bits) pairs and try FEATURES_OK; returns whether it stuck."""
    await bench.write(Register.STATUS, StatusBit.ACKNOWLEDGE | StatusBit.DRIVER)
    for word, bits in words:
        await bench.write(Register.DRIVER_FEATURES_SEL, word)
        await bench.write(Register.DRIVER_FEATURES, bits)
    await bench.write(Register.STATUS, WORKING)
    status = await bench.read(Register.STATUS)
    assert status & ~StatusBit.FEATURES_OK == StatusBit.ACKNOWLEDGE | StatusBit.DRIVER
    return bool(status & StatusBit.FEATURES_OK)


@cocotb.test(**TIMEOUT)
@covers("MMIO-23", "MMIO-24")
async def offered_features(dut):
    """DeviceFeatures shows the offered bits in words 0 and 1; every other word is 0, for any 32-bit selector."""
    bench = await started(dut)
    assert OFFERED & VERSION_1
    assert bool(OFFERED >> CONFIG.msi_feature_bit & 1) == MSI
    for word in (
        0,
        1,
        2,
        3,
        4,
        31,
        32,
        33,
        64,
        0x100,
        0x101,
        0x10000,
        0x10001,
        0x80000000,
        0x80000001,
        0xFFFFFFFF,
        1,
        0,
    ):
        await bench.write(Register.DEVICE_FEATURES_SEL, word)
        expected = OFFERED >> 32 * word & 0xFFFFFFFF if word < 2 else 0
        assert await bench.read(Register.DEVICE_FEATURES) == expected, f"word {word:#x}"
        assert await bench.read(Register.DEVICE_FEATURES) == expected, "a read moves the selector"
    await bench.finish("register reads")


@cocotb.test(**TIMEOUT)
@covers("MMIO-29", "MMIO-30", "MMIO-15", "choice 6")
async def subsets_of_the_offer(dut):
    """Any subset with VERSION_1 is accepted, and again after reset; the device sees exactly that set."""
    bench = await started(dut)
    subsets = [
        VERSION_1,
        OFFERED,
        *(VERSION_1 | 1 << bit for bit in BITS),
        *(OFFERED & ~(1 << bit) | VERSION_1 for bit in BITS),
    ]
    for subset in subsets:
        for _ in range(2):
            assert await bench.negotiate(subset) == WORKING
            assert bench.interface.device_state.driver_features == subset
        await bench.write(Register.STATUS, 0)
        assert bench.interface.device_state.driver_features == 0
    await bench.finish("register reads")


@cocotb.test(**TIMEOUT)
@covers("MMIO-28", "MMIO-31", "MMIO-33", "choice 6")
async def without_version_1(dut):
    """No VERSION_1, or nothing written at all: FEATURES_OK does not stick, and may be tried again."""
    bench = await started(dut)
    assert not await accept(bench)
    assert not await accept(bench, (1, (OFFERED & ~VERSION_1) >> 32), (0, OFFERED & 0xFFFFFFFF))
    assert bench.interface.device_state.driver_features == 0
    assert await accept(bench, (1, OFFERED >> 32))
    await bench.finish("register reads")


@cocotb.test(skip=len(BITS) == 64, **TIMEOUT)
@covers("MMIO-25", "MMIO-28", "choice 6")
async def bits_not_offered(dut):
    """Each of the 64 bits that is not offered is refused, when accepted with an otherwise good set."""
    bench = await started(dut)
    for bit in range(64):
        if bit not in BITS:
            features = VERSION_1 | 1 << bit
            assert not await bench.negotiate(features) & StatusBit.FEATURES_OK, f"bit {bit} was accepted"
            assert bench.interface.device_state.driver_features == 0
            assert await accept(bench, (1, VERSION_1 >> 32), (0, 0)), "taken back, the set is good again"
    await bench.finish("register reads")


@cocotb.test(**TIMEOUT)
@covers("MMIO-25", "choice 6")
async def words_that_do_not_exist(dut):
    """DriverFeatures beyond word 1: zero is fine, anything else is refused until reset, and never aliases."""
    bench = await started(dut)
    for word in (2, 3, 0x10000, 0x80000001, 0xFFFFFFFF):
        await bench.write(Register.STATUS, 0)
        assert await accept(bench, (1, VERSION_1 >> 32), (word, 0)), f"zero in word {word:#x} was refused"
        assert bench.interface.device_state.driver_features == VERSION_1
        await bench.write(Register.STATUS, 0)
        assert not await accept(bench, (1, VERSION_1 >> 32), (word, 1)), f"a bit of word {word:#x} was accepted"
        await bench.write(Register.STATUS, 0)
        assert not await accept(bench, (word, VERSION_1 >> 32)), f"word {word:#x} is taken for word 1"
    await bench.finish("register reads")


@cocotb.test(**TIMEOUT)
@covers("MMIO-32", "choice 6")
async def latched_at_features_ok(dut):
    """After FEATURES_OK, DriverFeatures has no effect, not even through FEATURES_OK written again or taken back."""
    bench = await started(dut)
    await bench.negotiate(OFFERED)
    for word in (0, 1, 2):
        await bench.write(Register.DRIVER_FEATURES_SEL, word)
        for value in (0, 0xFFFFFFFF):
            await bench.write(Register.DRIVER_FEATURES, value)
    for status in (WORKING, StatusBit.ACKNOWLEDGE, WORKING):
        await bench.write(Register.STATUS, status)
        assert await bench.read(Register.STATUS) == status
        assert bench.interface.device_state.driver_features == OFFERED
    if MSI:
        assert await bench.read(Register.MSI_VEC_NUM) == CONFIG.num_vectors
    await bench.finish("register reads")


@cocotb.test(**TIMEOUT)
@covers("MMIO-11", "MMIO-17")
async def status_bits(dut):
    """Status reads what was written, but for the device's own bit 6 and a FEATURES_OK not earned; the device sees it
    too."""
    bench = await started(dut)
    needs_reset = 0
    for value in (1, 3, 0x83, 0xFB, 0x40, 0xC0, 0x73, 0x30, 0xB3, 0x12345681, 0x77, 0x04, 0xFF, 3):
        await bench.write(Register.STATUS, value)
        if value & StatusBit.DRIVER_OK and CONFIG.require_features_ok:
            needs_reset = NEEDS_RESET  # DRIVER_OK without features, and until the next reset
        expected = value & 0xFF & ~(NEEDS_RESET | StatusBit.FEATURES_OK) | needs_reset
        assert await bench.read(Register.STATUS) == expected, hex(value)
        assert bench.interface.device_state.device_status == expected
    await bench.negotiate()
    for value in (0x0B, 0x0F, 0x8F, 0xFF, 0xBF):
        await bench.write(Register.STATUS, value)
        assert await bench.read(Register.STATUS) == value & ~NEEDS_RESET, hex(value)
        assert bench.interface.device_state.device_status == value & ~NEEDS_RESET
    await bench.finish("register reads")


@cocotb.test(**TIMEOUT)
@covers("MMIO-11")
async def low_byte_zero_resets(dut):
    """Status has eight bits: writing 0xffffff00 is a reset as well."""
    bench = await working(dut, msi=False)
    await bench.write(Register.STATUS, 0xFFFFFF00)
    assert await bench.read(Register.STATUS) == 0
    assert (await bench.interface.queue_table.row(0)).ready == 0
    await bench.finish("device resets")


@cocotb.test(**TIMEOUT)
@covers("MMIO-17", "MMIO-20", "MMIO-21", "MSI-28", "choice 9")
@cocotb.parametrize(msi=[True, False] if MSI else [False])
async def needs_reset_while_working(dut, msi):
    """Raised by the device: the bit is set, stays though the driver writes 0 to it, and is one configuration change."""
    bench = await working(dut, msi)
    state = bench.interface.device_state
    state.needs_reset = True
    await bench.settle()
    state.needs_reset = False
    if msi:
        await bench.expect_messages(0)
        await bench.expect_line(0)
    else:
        await bench.expect_line(CHANGED)
        await bench.acknowledge()
        await bench.expect_line(0)
    status = WORKING | StatusBit.DRIVER_OK
    for value in (status, status & ~NEEDS_RESET, status | StatusBit.FAILED):
        await bench.write(Register.STATUS, value)
        assert await bench.read(Register.STATUS) == value | NEEDS_RESET
        assert state.device_status == value | NEEDS_RESET
    state.needs_reset = True  # already set: no second notification
    await bench.settle()
    state.needs_reset = False
    await bench.expect_messages()
    await bench.expect_line(0)
    await bench.write(Register.STATUS, 0)
    assert await bench.read(Register.STATUS) == 0
    await bench.finish("device resets")


@cocotb.test(**TIMEOUT)
@covers("MMIO-20", "MMIO-21", "choice 9")
async def needs_reset_before_driver_ok(dut):
    """Raised before DRIVER_OK it is no event; a level that stays high over a reset counts from the next Status on."""
    bench = await started(dut)
    state = bench.interface.device_state
    await bench.negotiate()
    await bench.enable_queue(0)
    state.needs_reset = True
    await bench.settle()
    assert await bench.read(Register.STATUS) == WORKING | NEEDS_RESET
    await bench.driver_ok()
    await bench.expect_line(0)
    await bench.write(Register.STATUS, 0)
    await bench.settle()
    assert await bench.read(Register.STATUS) == 0  # a driver may wait for this
    await bench.write(Register.STATUS, 0)
    await bench.settle()
    assert await bench.read(Register.STATUS) == 0
    await bench.write(Register.STATUS, StatusBit.ACKNOWLEDGE)
    await bench.settle()
    assert await bench.read(Register.STATUS) == StatusBit.ACKNOWLEDGE | NEEDS_RESET
    await bench.write(Register.STATUS, 0)
    await bench.settle()
    state.needs_reset = False
    await bench.settle()
    assert await bench.read(Register.STATUS) == 0
    state.needs_reset = True  # low once, it counts by itself
    await bench.settle()
    assert await bench.read(Register.STATUS) == NEEDS_RESET
    state.needs_reset = False
    await bench.write(Register.STATUS, 0)
    await bench.settle()
    assert await bench.read(Register.STATUS) == 0
    await bench.finish("device resets")


@cocotb.test(**TIMEOUT)
@covers("MMIO-28", "MMIO-31")
async def driver_ok_without_features(dut):
    """DRIVER_OK after a FEATURES_OK that was refused or never written fails loudly; one accepted earlier is enough."""
    bench = await started(dut)
    for first, last in ((0, 0x04), (0x0B, 0x0F), (0, 0x0F), (0x08, 0x04)):
        await bench.write(Register.STATUS, 0)
        if first:
            await bench.write(Register.STATUS, first)  # VERSION_1 was not accepted
            assert not await bench.read(Register.STATUS) & StatusBit.FEATURES_OK
        await bench.write(Register.STATUS, last)
        await bench.settle()
        loud = NEEDS_RESET if CONFIG.require_features_ok else 0
        assert await bench.read(Register.STATUS) == last & ~StatusBit.FEATURES_OK | loud
        await bench.expect_line(CHANGED if loud else 0)
    for first in (StatusBit.FEATURES_OK, WORKING):  # with VERSION_1, however DRIVER_OK is written then
        await bench.negotiate()
        await bench.write(Register.STATUS, first)
        await bench.write(Register.STATUS, StatusBit.DRIVER_OK)
        await bench.settle()
        assert await bench.read(Register.STATUS) == StatusBit.DRIVER_OK
        await bench.expect_line(0)
    await bench.finish("device resets")


@cocotb.test(**TIMEOUT)
@covers("MMIO-21", "choice 9")
async def needs_reset_for_one_cycle(dut):
    """A single cycle of needs_reset is enough, in any cycle around DRIVER_OK, and notifies at most once."""
    bench = await started(dut)
    state = bench.interface.device_state
    for offset in range(-4, 7):
        await bench.negotiate()
        write = cocotb.start_soon(
            bench.interface.registers.write(
                Register.STATUS, WORKING | StatusBit.DRIVER_OK, address_latency=6, data_latency=6
            )
        )
        await bench.cycles(6 + offset)
        state.needs_reset = True
        await bench.cycles(1)
        state.needs_reset = False
        await write
        await bench.settle()
        assert await bench.read(Register.STATUS) == WORKING | StatusBit.DRIVER_OK | NEEDS_RESET
        status = await bench.interrupt_status()
        assert status in (0, CHANGED)
        if offset > 4:
            assert status == CHANGED, "DRIVER_OK was set when it was raised"
        if offset < -2:
            assert status == 0, "DRIVER_OK was not set when it was raised"
        await bench.acknowledge()
        await bench.expect_line(0)
    await bench.finish("register reads")


@cocotb.test(**TIMEOUT)
@covers("MMIO-22", "MMIO-17")
async def failed_is_shown_to_the_device(dut):
    """FAILED reaches the device at device_status, which has to stop; the endpoint's registers go on working."""
    bench = await working(dut, msi=False)
    await bench.write(Register.STATUS, WORKING | StatusBit.DRIVER_OK | StatusBit.FAILED)
    assert bench.interface.device_state.device_status == WORKING | StatusBit.DRIVER_OK | StatusBit.FAILED
    await bench.event(used_event(0))
    await bench.expect_line(USED)
    await bench.finish("line changes")


@cocotb.test(**TIMEOUT)
@covers("rule 10", "MMIO-18", "MMIO-57")
async def line_waits_for_driver_ok(dut):
    """Events before DRIVER_OK are remembered, not shown, not acknowledged; DRIVER_OK shows them."""
    bench = await started(dut)
    await bench.negotiate()
    await bench.enable_queue(0)
    await bench.events(EVENT_CONFIG, used_event(0))
    await bench.expect_line(0)
    await bench.acknowledge()
    await bench.expect_line(0)
    await bench.driver_ok()
    await bench.expect_line(USED | CHANGED)
    await bench.acknowledge()
    await bench.expect_line(0)
    await bench.finish("line changes", "events")


@cocotb.test(skip=not MSI, **TIMEOUT)
@covers("rule 10", "MMIO-18", "L12")
async def messages_wait_for_driver_ok(dut):
    """ENABLE, events and kicks before DRIVER_OK: nothing comes out until it is set, then each vector sends once."""
    bench = await started(dut)
    await bench.negotiate()
    for vector in (0, 1):
        await bench.configure(vector, *bench.message_of(vector))
    await bench.enable_queue(0)
    await bench.map_queue(0, 1)
    await bench.map_config(0)
    await bench.events(EVENT_CONFIG, used_event(0))  # as bits, not shown
    await bench.settle()
    await bench.command(MsiCommand.ENABLE)
    await bench.events(used_event(0), EVENT_CONFIG)
    await bench.write(Register.QUEUE_NOTIFY, 0)
    await bench.expect_messages()
    assert not bench.kicks
    await bench.driver_ok()
    await bench.expect_messages(0, 1)
    assert [kick.queue for kick in bench.kicks] == [0]
    await bench.finish("messages", "kicks")
