# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The register map: identity, reset values, access rules, and everything that an access must not do."""

import random

import cocotb
from cocotbext.virtio.bfm.axil_registers import Access
from cocotbext.virtio.config import EVENT_CONFIG, used_event
from cocotbext.virtio.registers import (
    CONFIG_WINDOW_OFFSET,
    MAGIC_VALUE,
    REGISTERS,
    VERSION_VALUE,
    MsiCommand,
    Register,
    StatusBit,
)

from tb.tests.support.covers import covers
from tb.tests.support.directed import CHANGED, CONFIG, MSI, SHARING, TIMEOUT, USED, WORKING, started, working

CONTROL = range(0, 0x100, 4)
UNASSIGNED = [offset for offset in CONTROL if offset not in set(Register)]
READ_ONLY = [register for register, facts in REGISTERS.items() if facts.access == "r"]
WRITE_ONLY = [register for register, facts in REGISTERS.items() if facts.access == "w"]
MSI_REGISTERS = range(Register.MSI_VEC_NUM, Register.MSI_DATA + 4, 4)


async def snapshot(bench) -> dict[int, int]:
    """What every control register reads."""
    return {offset: await bench.read(offset) for offset in CONTROL}


@cocotb.test(**TIMEOUT)
@covers("MMIO-1", "MMIO-2", "MMIO-3", "MMIO-10")
async def after_aresetn(dut):
    """Every register reads its reset value; unassigned ones read 0."""
    bench = await started(dut)
    assert await bench.read(Register.MAGIC_VALUE) == MAGIC_VALUE == int.from_bytes(b"virt", "little")
    assert await bench.read(Register.VERSION) == VERSION_VALUE == 2
    for register in Register:
        assert await bench.read(register) == bench.config.reset_value(register), register.name
    for offset in UNASSIGNED:
        assert await bench.read(offset) == 0, hex(offset)
    await bench.write(Register.STATUS, StatusBit.ACKNOWLEDGE)
    await bench.finish("register reads")


@cocotb.test(**TIMEOUT)
@covers("MMIO-5")
async def protection_bits(dut):
    """Whatever AWPROT and ARPROT say, every access is made and answered OKAY."""
    bench = await started(dut)
    for protection in (*range(8), 0):
        if hasattr(dut, "s_axil_awprot"):  # on the fast path they are always 0
            dut.s_axil_awprot.value, dut.s_axil_arprot.value = protection, 7 - protection
        await bench.write(Register.STATUS, StatusBit.ACKNOWLEDGE | StatusBit.DRIVER * (protection & 1))
        assert await bench.read(Register.STATUS) == StatusBit.ACKNOWLEDGE | StatusBit.DRIVER * (protection & 1)
        assert await bench.read(Register.MAGIC_VALUE) == MAGIC_VALUE
    await bench.finish("register reads")


@cocotb.test(**TIMEOUT)
@covers("MMIO-3", "MMIO-11", "MMIO-14", "MMIO-16", "MSI-4")
async def after_status_reset(dut):
    """Writing Status = 0 brings the same values back, whatever was written before."""
    bench = await started(dut)
    fresh = {register: bench.config.reset_value(register) for register in Register}
    for value in (0x01020304, 1):
        await bench.bring_up()
        for register in Register:
            if register not in (Register.STATUS, Register.MSI_CMD):
                await bench.write(register, value)
        await bench.write(Register.STATUS, 0)
        for register in Register:
            assert await bench.read(register) == fresh[register], register.name
    await bench.finish("register reads")


@cocotb.test(**TIMEOUT)
@cocotb.parametrize(hard=[False, True])
@covers("MMIO-3", "MMIO-14", "MMIO-34", "MSI-4", "rule 11")
async def selectors_after_reset(dut, hard):
    """Reset, by Status or by aresetn, selects word 0, queue 0 and vector 0: what is done without selecting is about
    them."""
    bench = await started(dut)

    async def reset():
        await bench.negotiate()
        for selector in (
            Register.DEVICE_FEATURES_SEL,
            Register.DRIVER_FEATURES_SEL,
            Register.QUEUE_SEL,
            Register.MSI_VEC_SEL,
        ):
            await bench.write(selector, 0xFFFFFFFF if selector in (Register.QUEUE_SEL, Register.MSI_VEC_SEL) else 1)
        if hard:
            await bench.interface.clock.reset()
        else:
            await bench.write(Register.STATUS, 0)

    await reset()
    for register in (Register.DEVICE_FEATURES, Register.QUEUE_NUM_MAX, Register.QUEUE_READY):
        await bench.read(register)  # the model knows what it must read
    await bench.write(Register.DRIVER_FEATURES, 1 << 31)  # not offered
    await bench.write(Register.DRIVER_FEATURES_SEL, 1)
    await bench.write(Register.DRIVER_FEATURES, CONFIG.offered_features >> 32)
    await bench.write(Register.STATUS, WORKING)
    assert await bench.read(Register.STATUS) == WORKING & ~StatusBit.FEATURES_OK
    await reset()
    await bench.accept_features()
    await bench.burst((Register.QUEUE_NUM, 1), (Register.QUEUE_READY, 1))
    assert (await bench.interface.queue_table.row(0)).ready
    if MSI:
        address, data = bench.message_of(0)
        await bench.burst(
            (Register.MSI_ADDR_LOW, address & 0xFFFFFFFF),
            (Register.MSI_ADDR_HIGH, address >> 32),
            (Register.MSI_DATA, data),
            (Register.MSI_CMD, MsiCommand.CONFIGURE),
            (Register.MSI_CMD, MsiCommand.MASK),
        )
        await bench.read(Register.MSI_VEC_STATE)
        await bench.burst(
            (Register.MSI_CMD, MsiCommand.UNMASK),
            (Register.MSI_CMD, MsiCommand.MAP_CONFIG),
            (Register.MSI_CMD, MsiCommand.ENABLE),
        )
        await bench.driver_ok()
        await bench.event(EVENT_CONFIG)
        await bench.expect_messages(0)
    await bench.finish("register reads")


@cocotb.test(**TIMEOUT)
@covers("MMIO-5", "MMIO-7", "choice 4")
async def the_window_is_no_register(dut):
    """Writes to the device's configuration space, at the offsets of all registers and with values that would mean
    something
    there, change no register and do nothing that a register would."""
    bench = await working(dut)
    before = await snapshot(bench)
    last = min(CONFIG_WINDOW_OFFSET + CONFIG.config_bytes, 1 << CONFIG.addr_width)
    for value in (1, 0, 5, 0xFFFFFFFF):
        await bench.burst(*((address, value) for address in range(CONFIG_WINDOW_OFFSET, last, 4)))
        await bench.settle()
        assert await snapshot(bench) == before
    await bench.finish("register reads")


@cocotb.test(**TIMEOUT)
@covers("MMIO-1", "MMIO-2", "MMIO-3", "MMIO-5", "choice 4")
async def constants_stay(dut):
    """Writing read-only and unassigned registers changes nothing anywhere."""
    bench = await working(dut)
    before = await snapshot(bench)
    for offset in (*READ_ONLY, *UNASSIGNED):
        for value in (0xFFFFFFFF, 1):
            await bench.write(offset, value)
    assert await snapshot(bench) == before
    await bench.finish("register reads")


@cocotb.test(**TIMEOUT)
@covers("MMIO-5", "MMIO-6", "choice 4", "MSI-9")
async def write_only_registers_read_zero(dut):
    """Reading what is only written gives 0 and has no side effect, even right after the write."""
    bench = await working(dut, msi=False)
    for register in WRITE_ONLY:
        assert await bench.read(register) == 0, register.name
    await bench.write(Register.QUEUE_SEL, 1 if bench.config.num_queues > 1 else 0)
    assert await bench.read(Register.QUEUE_SEL) == 0
    assert await bench.read(Register.QUEUE_READY) == 1
    await bench.finish("register reads")


@cocotb.test(**TIMEOUT)
@covers("MMIO-6")
async def reads_have_no_side_effects(dut):
    """Reading everything, InterruptStatus too, twice over: the same values, and the line stays."""
    bench = await working(dut, msi=False)
    await bench.events(0, used_event(0))
    await bench.settle()
    kicks = len(bench.kicks)
    first = await snapshot(bench)
    assert first[Register.INTERRUPT_STATUS] == USED | CHANGED
    assert await snapshot(bench) == first
    assert bench.interface.line_monitor.level == 1
    assert len(bench.kicks) == kicks
    await bench.finish("register reads")


@cocotb.test(**TIMEOUT)
@covers("MMIO-4", "MMIO-5", "choice 4")
async def narrow_and_unaligned_writes(dut):
    """A control register takes aligned writes of four bytes; everything else is answered OKAY and ignored."""
    bench = await working(dut)
    before = await snapshot(bench)
    registers = bench.interface.registers
    writable = [register for register, facts in REGISTERS.items() if "w" in facts.access]
    for register in writable:
        for strobe in range(15):
            await registers.write(register, 0, strobe)  # raises if the response is not OKAY
            await registers.write(register, 0xFFFFFFFF, strobe)
    for register in writable:
        for byte in (1, 2, 3):
            for strobe in (0xF, 1 << byte, 0xF << byte & 0xF):
                await registers.write(register + byte, 0xFFFFFFFF, strobe)
    assert await snapshot(bench) == before
    await bench.settle()
    assert all(transfer.data == transfer.queue for transfer in bench.kicks), "a narrow write kicked a queue"
    await bench.finish("register reads")


@cocotb.test(**TIMEOUT)
@covers("MMIO-4", "choice 4")
async def unaligned_reads(dut):
    """An unaligned read of a control register gives 0."""
    bench = await working(dut)
    for register in Register:
        for byte in (1, 2, 3):
            assert await bench.read(register + byte) == 0, f"{register.name}+{byte}"
    await bench.finish("register reads")


@cocotb.test(**TIMEOUT)
@covers("MMIO-5", "MMIO-8", "choice 4")
async def nothing_beyond_the_map(dut):
    """Addresses beyond configuration space, doorbells apart, read 0 and ignore writes: nothing is mirrored."""
    bench = await working(dut)
    before = await snapshot(bench)
    config = bench.config
    doorbells = {config.doorbell(queue) for queue in range(config.num_queues)} if config.notify_doorbells else set()
    end = 1 << config.addr_width
    near = [base for step in (0x100, 0x400) for base in range(0x100 + config.config_bytes, min(end, 0x4000), step)]
    far = [1 << bit for bit in range(14, config.addr_width)]
    registers = (0, Register.STATUS, Register.QUEUE_NOTIFY, Register.MSI_VEC_SEL, 0xFC)
    beyond = [base + offset for base in near + far for offset in registers]
    beyond = [address for address in beyond if address < end and address not in doorbells]
    accesses = []
    for address in beyond:
        accesses += [Access(True, address, 0), Access(True, address, 0xFFFFFFFF), Access(False, address)]
    await bench.interface.registers.burst(accesses)
    assert not any(access.data for access in accesses if not access.write)
    assert await snapshot(bench) == before
    await bench.finish("register reads")


@cocotb.test(**TIMEOUT)
@covers("MMIO-59")
async def no_shared_memory(dut):
    """Every shared-memory region has length and base of all ones: there is none."""
    bench = await started(dut)
    for identifier in (0, 1, 255, 0xFFFFFFFF):
        await bench.write(Register.SHM_SEL, identifier)
        for register in (Register.SHM_LEN_LOW, Register.SHM_LEN_HIGH, Register.SHM_BASE_LOW, Register.SHM_BASE_HIGH):
            assert await bench.read(register) == 0xFFFFFFFF
    await bench.finish("register reads")


@cocotb.test(skip=not MSI, **TIMEOUT)
@covers("choice 3")
async def staged_values_read_back(dut):
    """MsiVecSel and the staged message read back what was last written, bit by bit; others are not disturbed."""
    bench = await working(dut)
    registers = (Register.MSI_VEC_SEL, Register.MSI_ADDR_LOW, Register.MSI_ADDR_HIGH, Register.MSI_DATA)
    written = {}
    for value in (0, 0xFFFFFFFF, *(1 << bit for bit in range(32))):
        for turn, register in enumerate(registers):
            written[register] = value << turn & 0xFFFFFFFF | value >> 32 - turn
            await bench.write(register, written[register])
        for register in registers:
            assert await bench.read(register) == written[register], register.name
    await bench.finish("register reads")


@cocotb.test(skip=not MSI, **TIMEOUT)
@covers("MSI-9", "MSI-6", "choice 4")
async def read_only_msi_registers(dut):
    """Writing MsiVecNum, MsiState and MsiVecState changes nothing."""
    bench = await working(dut)
    before = [await bench.read(offset) for offset in MSI_REGISTERS]
    for register in (Register.MSI_VEC_NUM, Register.MSI_STATE, Register.MSI_VEC_STATE):
        for value in (0, 0xFFFFFFFF):
            await bench.write(register, value)
    assert [await bench.read(offset) for offset in MSI_REGISTERS] == before
    await bench.event(0)
    await bench.expect_messages(0)
    await bench.finish("messages")


@cocotb.test(**TIMEOUT)
@covers("choice 2", "MSI-7", "MMIO-46", "L10")
async def msi_registers_without_msi(dut):
    """0xc0..0xdf read 0 and ignore writes before FEATURES_OK, without the MSI bit, and after reset."""
    bench = await started(dut)

    async def silent():
        for offset in range(Register.MSI_VEC_NUM, 0xE0, 4):
            assert await bench.read(offset) == 0, hex(offset)
            await bench.write(offset, 1)  # MsiCmd: ENABLE; 0xc0: QueueReset of virtio 1.2
            assert await bench.read(offset) == 0, hex(offset)

    async def line_works():
        await bench.enable_queue(0)
        await bench.driver_ok()
        await bench.event(used_event(0))
        await bench.expect_line(USED)
        await bench.expect_messages()

    await silent()
    await bench.negotiate(1 << 32)  # VERSION_1 alone
    await silent()
    await line_works()
    if MSI:
        await bench.bring_up()
        assert await bench.read(Register.MSI_VEC_NUM) == bench.config.num_vectors
        assert await bench.read(Register.MSI_STATE) != 0
    await bench.write(Register.STATUS, 0)
    await silent()  # LX tears down after its reset: ENABLE and CONFIGURE must not stick
    await bench.negotiate(1 << 32)
    await silent()
    await line_works()
    await bench.finish("line changes", "events")


@cocotb.test(skip=not MSI, **TIMEOUT)
@covers("choice 2", "MSI-7")
async def msi_registers_before_features_ok(dut):
    """Accepting the bit is not enough: FEATURES_OK makes the registers exist, a refused one does not."""
    bench = await started(dut)
    await bench.write(Register.DRIVER_FEATURES_SEL, 1)
    await bench.write(Register.DRIVER_FEATURES, bench.config.offered_features >> 32)
    await bench.write(Register.STATUS, StatusBit.ACKNOWLEDGE | StatusBit.DRIVER)
    await bench.write(Register.MSI_VEC_SEL, 1)
    assert await bench.read(Register.MSI_VEC_NUM) == 0
    await bench.write(Register.DRIVER_FEATURES_SEL, 0)
    await bench.write(Register.DRIVER_FEATURES, 1 << 31)  # not offered
    await bench.write(Register.STATUS, WORKING)
    assert await bench.read(Register.MSI_VEC_NUM) == 0
    await bench.write(Register.DRIVER_FEATURES, 0)
    await bench.write(Register.STATUS, WORKING)
    assert await bench.read(Register.MSI_VEC_NUM) == bench.config.num_vectors
    assert await bench.read(Register.MSI_VEC_SEL) == 0, "written before the registers existed"
    await bench.finish("register reads")


@cocotb.test(skip=not MSI, **TIMEOUT)
@covers("choice 1", "MSI-1", "MSI-2", "MSI-3", "MSI-5", "MSI-6", "MSI-10", "MSI-16")
async def msi_state(dut):
    """MsiState has both pairs of bits; ENABLE and DISABLE show at the next read and may be repeated."""
    bench = await started(dut)
    await bench.negotiate()
    config = bench.config
    assert await bench.read(Register.MSI_VEC_NUM) == config.num_vectors
    if not SHARING:
        assert config.num_vectors > config.num_queues
    assert config.num_vectors >= 2
    sharing = (1 << 1 | 1 << 30) if SHARING else 0
    enabled = 1 << 0 | 1 << 31
    assert await bench.read(Register.MSI_STATE) == sharing
    for command, expected in (
        (MsiCommand.DISABLE, 0),
        (MsiCommand.ENABLE, enabled),
        (MsiCommand.ENABLE, enabled),
        (MsiCommand.DISABLE, 0),
        (MsiCommand.DISABLE, 0),
        (MsiCommand.ENABLE, enabled),
    ):
        await bench.command(command)
        assert await bench.read(Register.MSI_STATE) == sharing | expected
    await bench.write(Register.STATUS, 0)
    await bench.negotiate()
    assert await bench.read(Register.MSI_STATE) == sharing
    await bench.finish("register reads")


@cocotb.test(**TIMEOUT)
@covers("MMIO-10", "MMIO-24")
async def address_and_data_out_of_step(dut):
    """AW before W, W before AW, by up to 9 cycles, with answers not taken at once: each pair stays a pair."""
    bench = await started(dut)
    registers = bench.interface.registers
    registers.timing = type(registers.timing)(bready=0.4, rready=0.4)
    for address_delay in range(0, 10, 3):
        for data_delay in range(0, 10, 3):
            for word in (1, 0, 2):
                accesses = [
                    Access(True, Register.DEVICE_FEATURES_SEL, word, 0xF, address_delay, data_delay),
                    Access(True, Register.QUEUE_SEL, word, 0xF, data_delay, address_delay),
                ]
                await registers.burst(accesses)
                expected = bench.config.offered_features >> 32 * word & 0xFFFFFFFF
                assert await bench.read(Register.DEVICE_FEATURES) == expected
                exists = word < bench.config.num_queues
                assert await bench.read(Register.QUEUE_NUM_MAX) == (bench.config.queue_num_max if exists else 0)
    await bench.finish("register reads")


@cocotb.test(**TIMEOUT)
@covers("MMIO-24", "MMIO-34")
async def a_write_is_done_when_answered(dut):
    """A read started after the write's answer sees the write, however fast they follow each other."""
    bench = await started(dut)
    last = bench.config.num_queues
    for _ in range(60):
        queue, word = random.choice((0, last - 1, last, 0x10000, 0xFFFFFFFF)), random.choice((0, 1, 2, 1 << 31))
        await bench.write(Register.QUEUE_SEL, queue)
        assert await bench.read(Register.QUEUE_NUM_MAX) == (bench.config.queue_num_max if queue < last else 0)
        await bench.write(Register.DEVICE_FEATURES_SEL, word)
        assert await bench.read(Register.DEVICE_FEATURES) == bench.config.offered_features >> 32 * word & 0xFFFFFFFF
    assert CONFIG.queue_num_max
    await bench.finish("register reads")


@cocotb.test(skip=not MSI, **TIMEOUT)
@covers("choice 3", "choice 5", "MMIO-34")
async def selector_changes_while_read(dut):
    """A read beside the write of a selector shows what the old or the new selection has, never some of both."""
    bench = await working(dut)
    await bench.command(MsiCommand.MASK, 1)
    registers = bench.interface.registers
    for selector, state, values in (
        (Register.MSI_VEC_SEL, Register.MSI_VEC_STATE, (0, 1, CONFIG.num_vectors - 1, CONFIG.num_vectors, 0xFFFFFFFF)),
        (Register.QUEUE_SEL, Register.MSI_VEC_STATE, (0, CONFIG.num_queues - 1, CONFIG.num_queues, 0x10000)),
        (Register.QUEUE_SEL, Register.QUEUE_READY, (0, CONFIG.num_queues - 1, CONFIG.num_queues, 0x10000)),
        (Register.DEVICE_FEATURES_SEL, Register.DEVICE_FEATURES, (0, 1, 2, 0x80000001)),
    ):
        await bench.write(Register.QUEUE_SEL, 0)
        await bench.write(Register.MSI_VEC_SEL, 1)
        for old in values:
            for new in values:
                await bench.write(selector, old)
                before = await bench.read(state)
                for delay in range(8):
                    write = registers.submit(Access(True, selector, new, 0xF, 3, 3))
                    reads = [
                        registers.submit(Access(False, state, address_delay=delay)),
                        registers.submit(Access(False, state)),
                    ]
                    for access in (write, *reads):
                        await access.wait()
                    after = await bench.read(state)
                    assert {read.data for read in reads} <= {before, after}, (
                        f"{old:#x} -> {new:#x}, read {delay - 3} later"
                    )
                    await bench.write(selector, old)
    await bench.finish("register reads")
