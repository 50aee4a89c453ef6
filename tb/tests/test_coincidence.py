# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Whatever a write may coincide with, it does, many times: every command on a vector in every state, and an event in
the very
cycle of every write that concerns it, in the one before and in the one after. What may come of it is the model's to
say."""

import itertools

import cocotb
from cocotbext.virtio.bfm.axil_registers import Access, BusTiming
from cocotbext.virtio.bfm.knobs import Knobs
from cocotbext.virtio.config import EVENT_CONFIG, used_event
from cocotbext.virtio.registers import CONFIG_WINDOW_OFFSET, MsiCommand, Register, StatusBit

from tb.tests.support.covers import covers
from tb.tests.support.directed import CHANGED, CONFIG, MSI, SHARING, TIMEOUT, USED, WORKING, started

VECTOR = 1  # of queue 0
ROUNDS = 25  # with four configurations, each coincidence comes a hundred times


async def set_up(bench) -> None:
    """From reset to DRIVER_OK: queue 0 on VECTOR, the configuration change on vector 0."""
    await bench.negotiate()
    await bench.enable_queue(0)
    if MSI:
        for vector in (0, VECTOR):
            await bench.configure(vector, *bench.message_of(vector))
        await bench.map_config(0)
        await bench.map_queue(0, VECTOR)
        await bench.command(MsiCommand.ENABLE)


async def stage(bench, address: int, data: int) -> None:
    """Write the staged message and select VECTOR."""
    await bench.burst(
        (Register.MSI_ADDR_LOW, address & 0xFFFFFFFF),
        (Register.MSI_ADDR_HIGH, address >> 32),
        (Register.MSI_DATA, data),
        (Register.MSI_VEC_SEL, VECTOR),
        (Register.QUEUE_SEL, 0),
    )


COMMANDS = (MsiCommand.CONFIGURE, MsiCommand.MASK, MsiCommand.UNMASK, MsiCommand.MAP_CONFIG, MsiCommand.MAP_QUEUE)


@cocotb.test(skip=not MSI, **TIMEOUT)
@covers("rule 1", "rule 4", "rule 6", "rule 7", "rule 8", "MSI-17", "MSI-31")
async def every_command_meets_every_state(dut):
    """Configured or not, masked or not, pending or not; alone and with an event of the vector in the same cycle."""
    bench = await started(dut)
    await set_up(bench)
    await bench.write(Register.STATUS, WORKING | StatusBit.DRIVER_OK)
    for configured, masked, pending, command, event in itertools.product((0, 1), (0, 1), (0, 1), COMMANDS, (0, 1)):
        await bench.configure(VECTOR, *(bench.message_of(VECTOR) if configured else (0, 0)))
        await bench.command(MsiCommand.MASK if masked else MsiCommand.UNMASK)
        if pending:
            bench.interface.msi_sink.hold()
            await bench.events(EVENT_CONFIG, used_event(0))  # the first one's message is stuck on the bus
            await bench.cycles(8)
        await stage(bench, *bench.message_of(VECTOR))
        if event:
            await bench.race(Register.MSI_CMD, command, used_event(0), 0)
        else:
            await bench.write(Register.MSI_CMD, command)
        bench.interface.msi_sink.release()
        await bench.configure(VECTOR, *bench.message_of(VECTOR))
        await bench.command(MsiCommand.UNMASK)
        await bench.map_config(0)
        await bench.settle()
    await bench.finish("messages", "events")


@cocotb.test(timeout_time=20, timeout_unit="ms")
@covers("rule 2", "rule 4", "rule 6", "rule 8", "rule 9", "rule 11", "MMIO-53")
async def events_in_the_cycle_of_everything(dut):
    """MASK, UNMASK, CONFIGURE, MAP, DISABLE, InterruptACK, ENABLE, QueueReady, Status."""
    bench = await started(dut)
    for _, offset in itertools.product(range(ROUNDS), (-1, 0, 1)):

        async def race(register, value, event=used_event(0), offset=offset):
            await bench.race(register, value, event, offset)
            await bench.cycles(8)

        await set_up(bench)
        await race(Register.STATUS, WORKING | StatusBit.DRIVER_OK)
        if MSI:
            await stage(bench, *bench.message_of(VECTOR))
            for command in (MsiCommand.MASK, MsiCommand.UNMASK, MsiCommand.CONFIGURE, MsiCommand.MAP_QUEUE):
                await race(Register.MSI_CMD, command)
            await stage(bench, 0, 0)
            await race(Register.MSI_CMD, MsiCommand.CONFIGURE)
            await bench.configure(VECTOR, *bench.message_of(VECTOR))
            await bench.write(Register.MSI_VEC_SEL, 0)
            await race(Register.MSI_CMD, MsiCommand.MAP_CONFIG, EVENT_CONFIG)
            await race(Register.MSI_CMD, MsiCommand.DISABLE)
        await race(Register.INTERRUPT_ACK, USED | CHANGED)
        if MSI:
            await race(Register.MSI_CMD, MsiCommand.ENABLE)
        await race(Register.QUEUE_READY, 0)
        await race(Register.QUEUE_READY, 1)
        await race(Register.STATUS, 0)
    await bench.finish("events")


@cocotb.test(timeout_time=10, timeout_unit="ms")
@covers("choice 4", "MMIO-5")
async def every_width_everywhere(dut):
    """All strobes, aligned and not, in every area of the address space, with everything set up."""
    bench = await started(dut)
    await set_up(bench)
    registers = bench.interface.registers
    addresses = [
        *Register,
        0x018,
        CONFIG_WINDOW_OFFSET,
        CONFIG_WINDOW_OFFSET + 8,
        CONFIG_WINDOW_OFFSET + CONFIG.config_bytes + 4,
    ]
    if CONFIG.notify_doorbells:
        addresses += [CONFIG.doorbell(0), CONFIG.doorbell(1)]
    for address, lane in itertools.product(addresses, (0, 1, 2, 3)):
        if address == Register.STATUS and not lane:
            continue
        at = (address + lane) % (1 << CONFIG.addr_width)
        accesses = [Access(True, at, 0x0101_0101, strobe) for strobe in range(16) if lane or strobe < 15]
        await registers.burst([*accesses, Access(False, at)])
    await bench.finish("register writes", "register reads")


@cocotb.test(**TIMEOUT)
@covers("MMIO-5")
async def reads_behind_one_that_is_not_taken(dut):
    """The address channel waits for many cycles, and no read is lost or out of order."""
    bench = await started(dut)
    await set_up(bench)
    for rready in (0.3, 0.05):
        bench.interface.behave(Knobs(registers=BusTiming(rready=rready)))
        for _ in range(10):
            await bench.interface.registers.burst([Access(False, register) for register in Register])
    bench.interface.behave(Knobs())
    await bench.finish("register reads")


@cocotb.test(skip=not MSI, **TIMEOUT)
@covers("rule 11", "MSI-11")
async def aresetn_clears_the_commands(dut):
    """aresetn with MSI on and everything staged, selected, masked and pending: without another reset by Status, the MSI
    registers read what they do after reset, and an event raises the line."""
    bench = await started(dut)
    for _ in range(2):
        await set_up(bench)
        await bench.write(Register.STATUS, WORKING | StatusBit.DRIVER_OK)
        await stage(bench, 0xFEDC_BA98_7654_3210, 0x8765_4321)
        await bench.mask(VECTOR)
        await bench.event(used_event(0))
        await bench.settle()
        await bench.interface.clock.reset()
        await bench.accept_features()
        for register in (
            Register.MSI_STATE,
            Register.MSI_VEC_SEL,
            Register.MSI_ADDR_LOW,
            Register.MSI_ADDR_HIGH,
            Register.MSI_DATA,
        ):
            await bench.read(register)  # the model knows what it must read
        for vector in range(min(CONFIG.num_vectors, 4)):
            assert await bench.vector_state(vector) == 0
        await bench.write(Register.STATUS, WORKING | StatusBit.DRIVER_OK)
        await bench.event(EVENT_CONFIG)
        await bench.expect_line(CHANGED)
    await bench.finish("register reads")


@cocotb.test(skip=not SHARING, **TIMEOUT)
@covers("rule 9", "MSI-14")
async def both_causes_come_back(dut):
    """A vector that is pending for a configuration change and for a used buffer gives both bits back at DISABLE, in
    whichever order they came, whatever its neighbours are pending for."""
    bench = await started(dut)
    for first, neighbour in itertools.product((EVENT_CONFIG, used_event(0)), (False, True)):
        second = used_event(0) if first == EVENT_CONFIG else EVENT_CONFIG
        await set_up(bench)
        await bench.map_config(VECTOR)
        await bench.mask(VECTOR)
        if neighbour and CONFIG.num_queues > 1:
            await bench.enable_queue(1)
            await bench.map_queue(1, 0)
            await bench.mask(0)
        await bench.write(Register.STATUS, WORKING | StatusBit.DRIVER_OK)
        if neighbour and CONFIG.num_queues > 1:
            await bench.event(used_event(1))
        await bench.event(first)
        await bench.cycles(6)
        await bench.event(second)
        await bench.cycles(6)
        await bench.command(MsiCommand.DISABLE)
        await bench.expect_line(USED | CHANGED)
    await bench.finish("events")
