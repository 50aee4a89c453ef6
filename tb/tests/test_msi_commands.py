# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The MSI commands one by one, on every vector, with selectors in and out of range."""

import itertools
import random

import cocotb
from cocotbext.virtio.bfm.axil_registers import Access
from cocotbext.virtio.config import EVENT_CONFIG, NO_VECTOR, used_event
from cocotbext.virtio.registers import MsiCommand, MsiVecStateBit, Register

from tb.tests.support.covers import covers
from tb.tests.support.directed import CHANGED, CONFIG, MSI, SHARING, TIMEOUT, USED, started, working

QUEUES, VECTORS = CONFIG.num_queues, CONFIG.num_vectors
MASKED, PENDING, CONFIGURED = MsiVecStateBit.MASKED, MsiVecStateBit.PENDING, MsiVecStateBit.CONFIGURED
NO_VECTORS = [VECTORS, VECTORS + 1, 0x800 + VECTORS, 0x10000, 0x10001, 0x80000000, 0x80000001, 0xFFFFFFFE, NO_VECTOR]
QUEUE_VECTORS = range(1, min(VECTORS, QUEUES + 1))  # vectors that a queue has after bring-up, in order


async def states(bench) -> list[MsiVecStateBit]:
    """The state of every vector (of the first and last ones of many)."""
    return [
        await bench.vector_state(vector) for vector in {*range(min(VECTORS, 8)), *range(max(0, VECTORS - 4), VECTORS)}
    ]


@cocotb.test(skip=not MSI, **TIMEOUT)
@covers("MSI-19")
async def message_address_is_aligned(dut):
    """Bits [1:0] of an address are 0 on the bus, and before it is compared with 0; MsiAddrLow reads as it was written.

    Every message has the AWPROT of the parameter."""
    bench = await working(dut)
    event = EVENT_CONFIG
    if SHARING:
        await bench.map_config(0)
    for low in (1, 2, 3):
        await bench.configure(0, 0x1_0000_1000 | low, low)
        assert await bench.read(Register.MSI_ADDR_LOW) == 0x1000 | low
        await bench.event(event)
        while not int(dut.m_axil_awvalid.value):
            await bench.cycles(1)
        assert int(dut.m_axil_awprot.value) == CONFIG.msi_awprot
        assert await bench.new_messages() == [(0x1_0000_1000, low)]
        await bench.configure(0, low, low)  # no address at all
        assert not await bench.vector_state(0) & CONFIGURED
        await bench.event(event)
        assert await bench.new_messages() == []
        await bench.configure(0, 0x2000, 9)
        assert await bench.new_messages() == [(0x2000, 9)]
    await bench.finish("messages")


@cocotb.test(skip=not MSI, **TIMEOUT)
@covers("MSI-4", "MSI-25", "MSI-32", "MSI-38", "choice 3")
async def after_reset(dut):
    """Disabled, every vector unmasked, not configured, not pending; sharing maps nothing, otherwise all is mapped."""
    bench = await started(dut)
    for _ in range(2):
        await bench.negotiate()
        assert await states(bench) == [MsiVecStateBit(0)] * len(await states(bench))
        for register in (Register.MSI_ADDR_LOW, Register.MSI_ADDR_HIGH, Register.MSI_DATA):
            assert await bench.read(register) == 0
        for queue in range(QUEUES):
            assert await bench.mapping(queue) == (0xFFFF if SHARING else queue + 1)
        assert not await bench.read(Register.MSI_STATE) & 1
        await bench.bring_up()  # fills all of it, for the second turn
        for vector in range(min(VECTORS, 8)):
            await bench.mask(vector)
        await bench.events(*range(min(QUEUES, 8) + 1))
    await bench.finish("register reads")


@cocotb.test(skip=not MSI, **TIMEOUT)
@covers("MSI-30", "MSI-33", "MSI-35", "choice 3")
async def mask_is_per_vector(dut):
    """Each vector is masked on its own: it shows, the others go on sending; both commands may be repeated."""
    bench = await working(dut)
    for vector in QUEUE_VECTORS[:6]:
        others = [other for other in QUEUE_VECTORS[:6] if other != vector]
        for _ in range(2):
            await bench.mask(vector)
        assert await bench.vector_state(vector) == MASKED | CONFIGURED
        for other in others:
            assert await bench.vector_state(other) == CONFIGURED
        await bench.events(*[used_event(other - 1) for other in (vector, *others)])
        await bench.expect_messages(*others)
        assert await bench.vector_state(vector) == MASKED | PENDING | CONFIGURED
        for _ in range(2):
            await bench.unmask(vector)
        await bench.expect_messages(vector)
        assert await bench.vector_state(vector) == CONFIGURED
    await bench.finish("messages")


@cocotb.test(skip=not SHARING, **TIMEOUT)
@covers("rule 8", "MSI-20", "MSI-22")
async def each_map_is_of_one_event(dut):
    """MAP_QUEUE leaves the configuration change's vector alone, and MAP_CONFIG that of the queue."""
    bench = await working(dut)
    await bench.map_queue(0, 1)
    for config_vector, queue_vector in itertools.product((0, NO_VECTOR), (1, NO_VECTOR)):
        for queue_last in (False, True):
            if queue_last:
                await bench.map_config(config_vector)
                await bench.map_queue(0, queue_vector)
            else:
                await bench.map_queue(0, queue_vector)
                await bench.map_config(config_vector)
            await bench.events(EVENT_CONFIG, used_event(0))
            await bench.expect_messages(*(vector for vector in (config_vector, queue_vector) if vector != NO_VECTOR))
    await bench.finish("messages")


@cocotb.test(skip=not MSI, **TIMEOUT)
@covers("MSI-33", "rule 6")
async def unmask_without_pending(dut):
    """MASK and UNMASK, as often as one likes, send nothing by themselves."""
    bench = await working(dut)
    for _ in range(5):
        for vector in range(min(VECTORS, 6)):
            await bench.mask(vector)
            await bench.unmask(vector)
    await bench.expect_messages()
    await bench.finish("register writes")


@cocotb.test(skip=not MSI, **TIMEOUT)
@covers("MSI-8")
async def unknown_commands(dut):
    """0, 8 and above do nothing, nor does a command with anything in the upper bits."""
    bench = await working(dut)
    await bench.write(Register.QUEUE_SEL, 0)
    await bench.write(Register.MSI_VEC_SEL, 1)
    before = await bench.read(Register.MSI_STATE), await bench.read(Register.MSI_VEC_STATE)
    codes = [0, *range(8, 40), 0x100, 0x80000000, 0xFFFFFFFF]
    codes += [command | upper for command in MsiCommand for upper in (8, 0x10, 0x80, 0x100, 0x10000, 0x80000000)]
    for code in codes:
        await bench.write(Register.MSI_CMD, code)
        assert (await bench.read(Register.MSI_STATE), await bench.read(Register.MSI_VEC_STATE)) == before, hex(code)
    await bench.event(used_event(0))
    await bench.expect_messages(1)
    await bench.finish("messages")


@cocotb.test(skip=not MSI, **TIMEOUT)
@covers("MSI-8", "MMIO-5", "choice 4")
async def narrow_commands(dut):
    """A write of MsiCmd without all four bytes is no command."""
    bench = await working(dut)
    await bench.write(Register.MSI_VEC_SEL, 1)
    for command in MsiCommand:
        for strobe in (0, 1, 3, 7, 0xE, 0xC):
            await bench.interface.registers.write(Register.MSI_CMD, command, strobe)
    assert await bench.vector_state(1) == CONFIGURED
    await bench.event(used_event(0))
    await bench.expect_messages(1)
    await bench.finish("messages")


@cocotb.test(skip=not MSI, **TIMEOUT)
@covers("MSI-36", "choice 5", "L8")
async def vectors_that_do_not_exist(dut):
    """Commands 3 to 7 with a selector beyond the last vector are inert, and never hit the vector it aliases to."""
    bench = await working(dut)
    masked = list(QUEUE_VECTORS[:4])
    for vector in masked:
        await bench.mask(vector)
    await bench.events(*[used_event(vector - 1) for vector in masked])
    before = await states(bench)
    maps = [await bench.mapping(queue) for queue in range(min(QUEUES, 8))]
    for register in (Register.MSI_ADDR_LOW, Register.MSI_ADDR_HIGH, Register.MSI_DATA):
        await bench.write(register, 0xDEAD0000)
    for vector in NO_VECTORS:
        for queue in (0, QUEUES - 1):
            await bench.write(Register.QUEUE_SEL, queue)
            await bench.write(Register.MSI_VEC_SEL, vector)
            assert await bench.read(Register.MSI_VEC_STATE) & 7 == 0, f"vector {vector:#x} has a state"
            for command in (MsiCommand.CONFIGURE, MsiCommand.MASK, MsiCommand.UNMASK):
                await bench.write(Register.MSI_CMD, command)
            if vector != NO_VECTOR:
                await bench.write(Register.MSI_CMD, MsiCommand.MAP_QUEUE)
                await bench.write(Register.MSI_CMD, MsiCommand.MAP_CONFIG)
    assert await states(bench) == before
    assert [await bench.mapping(queue) for queue in range(min(QUEUES, 8))] == maps
    await bench.expect_messages()
    await bench.event(EVENT_CONFIG)
    await bench.expect_messages(0)
    for vector in masked:
        await bench.unmask(vector)
    await bench.expect_messages(*masked)
    await bench.finish("messages")


@cocotb.test(skip=not MSI, **TIMEOUT)
@covers("MSI-37", "choice 5")
async def map_of_a_queue_that_does_not_exist(dut):
    """MAP_QUEUE with QueueSel beyond the last queue changes no mapping; MsiVecState shows none for it."""
    bench = await working(dut)
    maps = [await bench.mapping(queue) for queue in range(min(QUEUES, 16))]
    for queue in (QUEUES, QUEUES + 1, 0x400, 0x10000, 0x80000000, 0xFFFFFFFF):
        for vector in (0, 1, VECTORS - 1, queue + 1 & 0xFFFFFFFF, NO_VECTOR):
            await bench.map_queue(queue, vector)
        assert await bench.mapping(queue) == 0xFFFF
    assert [await bench.mapping(queue) for queue in range(min(QUEUES, 16))] == maps
    await bench.events(EVENT_CONFIG, used_event(QUEUES - 1))
    await bench.expect_messages(0, maps[-1] if QUEUES <= 16 else await bench.mapping(QUEUES - 1))
    await bench.finish("messages")


@cocotb.test(skip=not MSI, **TIMEOUT)
@covers("MSI-17", "MSI-18", "rule 7")
async def configure_takes_what_is_staged(dut):
    """Address and data change with CONFIGURE only, for the vector selected then; the staged values survive it."""
    bench = await working(dut)
    for register, value in (
        (Register.MSI_ADDR_LOW, 0x1234),
        (Register.MSI_ADDR_HIGH, 0x5678),
        (Register.MSI_DATA, 0x9ABC),
    ):
        await bench.write(Register.MSI_VEC_SEL, 1)
        await bench.write(register, value)
        await bench.event(used_event(0))
        await bench.expect_messages(1)  # still the old one
    for vector in (0, 1):  # one set of staged values for both
        await bench.command(MsiCommand.CONFIGURE, vector)
    await bench.events(EVENT_CONFIG, used_event(0))
    assert await bench.new_messages() == [(0x5678_0000_1234, 0x9ABC)] * 2
    await bench.finish("messages")


@cocotb.test(skip=not MSI, **TIMEOUT)
@covers("MSI-17", "rule 7", "MSI-27")
async def every_bit_of_a_message(dut):
    """All address bits from 2 on and all 32 data bits arrive as they were written, one at a time."""
    bench = await working(dut)
    pairs = [(1 << bit, ~(1 << bit % 32) & 0xFFFFFFFF) for bit in range(2, 64)]
    pairs += [((1 << 64) - 4, 0), ((1 << 64) - 4, 0xFFFFFFFF), (0x0123_4567_89AB_CDEC, 0x0246_8ACE)]
    for address, data in pairs:
        await bench.configure(1, address, data)
        await bench.event(used_event(0))
        assert await bench.new_messages() == [(address, data)]
        assert int(dut.m_axil_wstrb.value) == 0xF and int(dut.m_axil_awprot.value) == bench.config.msi_awprot
    await bench.finish("messages")


@cocotb.test(skip=not MSI, **TIMEOUT)
@covers("MSI-18", "MSI-16")
async def configure_at_any_time(dut):
    """CONFIGURE before ENABLE, after it, masked, unmasked, after DRIVER_OK: each counts; equal pairs are legal."""
    bench = await started(dut)
    await bench.negotiate()
    await bench.enable_queue(0)
    await bench.map_queue(0, 1)
    await bench.map_config(0)
    first, second, third = (0x10, 1), (0x20, 2), (0x30, 3)
    await bench.configure(1, *first)
    await bench.command(MsiCommand.ENABLE)
    await bench.configure(1, *second)
    await bench.mask(1)
    await bench.configure(1, *third)
    await bench.configure(0, *third)
    await bench.driver_ok()
    await bench.unmask(1)
    await bench.events(used_event(0), EVENT_CONFIG)
    assert await bench.new_messages() == [third, third]
    await bench.configure(1, *first)
    await bench.event(used_event(0))
    assert await bench.new_messages() == [first]
    await bench.finish("messages")


@cocotb.test(skip=not MSI, **TIMEOUT)
@covers("MSI-31", "rule 6", "L2")
async def configure_while_masked_and_pending(dut):
    """MASK, event, CONFIGURE, UNMASK: the interrupt goes to the new address, once."""
    bench = await working(dut)
    await bench.mask(1)
    await bench.events(*[used_event(0)] * 3)
    await bench.configure(1, 0xA000, 0xB)
    await bench.expect_messages()
    await bench.unmask(1)
    assert await bench.new_messages() == [(0xA000, 0xB)]
    await bench.finish("messages")


@cocotb.test(skip=not MSI, **TIMEOUT)
@covers("MSI-19", "MSI-32", "rule 1")
async def never_configured(dut):
    """A vector without an address sends nothing and shows its event as pending; CONFIGURE sends it."""
    bench = await working(dut)
    for low, high in ((0, 0), (1 << 31, 0), (0, 1), (0, 1 << 31)):
        await bench.configure(1, 0, 0x77)
        await bench.event(used_event(0))
        assert await bench.vector_state(1) == PENDING
        await bench.event(EVENT_CONFIG)
        await bench.expect_messages(0)
        await bench.configure(1, high << 32 | low, 0x88)
        fresh = await bench.new_messages()
        if low or high:
            assert fresh == [(high << 32 | low, 0x88)]
            assert await bench.vector_state(1) == CONFIGURED
        else:
            assert fresh == []
    await bench.finish("messages")


@cocotb.test(skip=not SHARING, **TIMEOUT)
@covers("MSI-20", "MSI-22", "rule 8", "choice 3")
async def map_anything_to_anything(dut):
    """Any queue to any vector, by QueueSel and MsiVecSel; MsiVecState shows it, the message proves it."""
    bench = await working(dut)
    for vector in random.sample(range(VECTORS), min(VECTORS, 6)):
        for queue in random.sample(range(QUEUES), min(QUEUES, 4)):
            await bench.map_queue(queue, vector)
            assert await bench.mapping(queue) == vector
            await bench.event(used_event(queue))
            await bench.expect_messages(vector)
        await bench.write(Register.QUEUE_SEL, NO_VECTOR)  # has no part in MAP_CONFIG
        await bench.map_config(vector)
        await bench.event(EVENT_CONFIG)
        await bench.expect_messages(vector)
    await bench.finish("messages")


@cocotb.test(skip=not SHARING, **TIMEOUT)
@covers("MSI-20", "MSI-35", "L3")
async def many_events_on_one_vector(dut):
    """All queues and the configuration change on one vector: masked, they make one message."""
    bench = await working(dut)
    for vector in (0, VECTORS - 1):
        for queue in range(QUEUES):
            await bench.map_queue(queue, vector)
        await bench.map_config(vector)
        await bench.mask(vector)
        await bench.events(*range(QUEUES + 1))
        await bench.expect_messages()
        await bench.unmask(vector)
        await bench.expect_messages(vector)
    await bench.finish("messages")


@cocotb.test(skip=not SHARING, **TIMEOUT)
@covers("rule 8", "MSI-20", "L4")
async def pending_moves_with_the_mapping(dut):
    """Remapping an event whose old vector is masked and pending: the new vector sends at once, the old one when it is
    unmasked; mapping to the same vector, or back, sends nothing more."""
    bench = await working(dut)
    old, new = 1, 2 % VECTORS if VECTORS > 2 else 0
    for map_event, event in (
        (lambda vector: bench.map_queue(0, vector), used_event(0)),
        (bench.map_config, EVENT_CONFIG),
    ):
        await map_event(old)
        await bench.mask(old)
        await bench.event(event)
        await map_event(old)
        await bench.expect_messages()
        await map_event(new)
        await bench.expect_messages(new)
        await bench.event(event)
        await bench.expect_messages(new)
        await map_event(old)
        await bench.expect_messages()
        await bench.unmask(old)
        await bench.expect_messages(old)
        await map_event(new)
        await bench.expect_messages()
    await bench.finish("messages")


@cocotb.test(skip=not SHARING or VECTORS < 3, **TIMEOUT)
@covers("rule 8", "rule 9")
async def maps_back_to_back(dut):
    """A MAP is done when it is answered: what follows at once, another MAP or a read, neither disturbs it nor sees
    less. Both causes
    are moved, which DISABLE shows."""
    bench = await working(dut)
    new = 2
    for first, second in ((MsiCommand.MAP_QUEUE, MsiCommand.MAP_CONFIG), (MsiCommand.MAP_CONFIG, MsiCommand.MAP_QUEUE)):
        for read in (False, True):
            await bench.bring_up()
            for vector in (0, 1, new):
                await bench.mask(vector)
            await bench.events(EVENT_CONFIG, used_event(0))
            await bench.settle()
            await bench.burst((Register.QUEUE_SEL, 0), (Register.MSI_VEC_SEL, new))
            if read:
                await bench.write(Register.MSI_CMD, first)
                assert MsiVecStateBit(await bench.read(Register.MSI_VEC_STATE) & 7) == MASKED | PENDING | CONFIGURED
                await bench.write(Register.MSI_CMD, second)
            else:
                await bench.burst((Register.MSI_CMD, first), (Register.MSI_CMD, second))
            for vector in (0, 1):  # what is left there is not to hide what was not moved
                await bench.configure(vector, *bench.message_of(vector))
                await bench.unmask(vector)
            await bench.expect_messages(0, 1)
            await bench.command(MsiCommand.DISABLE)
            await bench.expect_line(USED | CHANGED)
    await bench.finish("messages")


@cocotb.test(skip=not SHARING or CONFIG.num_vectors < 2, **TIMEOUT)
@covers("rule 8", "choice 3")
async def state_read_while_a_map_runs(dut):
    """MsiVecState shows the selected vector in every cycle, also while MAP looks at the vector that the queue had
    before."""
    bench = await started(dut)
    await bench.bring_up()
    for old, new in ((1, 0), (0, 1)):
        await bench.map_queue(0, old)
        await bench.mask(old)
        await bench.unmask(new)
        await bench.write(Register.MSI_VEC_SEL, new)
        for lead in range(3):
            reads = [
                Access(False, Register.MSI_VEC_STATE, address_delay=lead),
                *(Access(False, Register.MSI_VEC_STATE) for _ in range(12)),
            ]
            await bench.interface.registers.burst([Access(True, Register.MSI_CMD, MsiCommand.MAP_QUEUE), *reads])
            states = [MsiVecStateBit(read.data & 7) for read in reads]
            assert states == [MsiVecStateBit.CONFIGURED] * len(reads), states
            await bench.map_queue(0, old)
            await bench.write(Register.MSI_VEC_SEL, new)
    await bench.finish("register reads")


@cocotb.test(skip=not MSI, **TIMEOUT)
@covers("rule 8", "MSI-36")
async def map_to_a_vector_that_does_not_exist(dut):
    """What is mapped to none stays so, for every selector out of range."""
    bench = await working(dut)
    await bench.map_queue(0)
    await bench.map_config()
    for vector in NO_VECTORS:
        await bench.command(MsiCommand.MAP_QUEUE, vector)
        await bench.command(MsiCommand.MAP_CONFIG, vector)
        assert await bench.mapping(0) == 0xFFFF
        await bench.events(EVENT_CONFIG, used_event(0))
        await bench.expect_messages()
    await bench.finish("events")


@cocotb.test(skip=not SHARING, **TIMEOUT)
@covers("rule 8", "rule 9")
async def event_at_disable_and_map(dut):
    """An event of any vector, masked, in any cycle around DISABLE or MAP: its cause is given back or moved, and not
    the one that the
    vector had before."""
    bench = await working(dut)
    kinds = (
        (used_event(0), lambda vector: bench.map_queue(0, vector), MsiCommand.MAP_QUEUE, USED),
        (EVENT_CONFIG, bench.map_config, MsiCommand.MAP_CONFIG, CHANGED),
    )
    for vector, offset in itertools.product(sorted({0, 1, VECTORS // 2, VECTORS - 1}), range(-4, 3)):
        other = (vector + 1) % VECTORS
        for to_disable in (True, False):
            for event, map_it, command, bit in kinds:
                await map_it(vector)
                await bench.mask(other)
                await bench.mask(vector)
                if to_disable:
                    await bench.race(Register.MSI_CMD, MsiCommand.DISABLE, event, offset)
                else:
                    await bench.write(Register.MSI_VEC_SEL, other)
                    await bench.race(Register.MSI_CMD, command, event, offset)
                    assert MsiVecStateBit(await bench.read(Register.MSI_VEC_STATE) & 7) & PENDING
                    await bench.command(MsiCommand.DISABLE)
                await bench.expect_line(bit)
                await bench.acknowledge()
                await bench.command(MsiCommand.ENABLE)
    await bench.finish("events")


@cocotb.test(skip=not SHARING, **TIMEOUT)
@covers("rule 8")
async def moves_into_a_masked_vector(dut):
    """Pending is moved along a chain of masked vectors; unmasked in the end, each has exactly one message."""
    bench = await working(dut)
    chain = list(range(1, min(VECTORS, 5)))
    for vector in chain:
        await bench.mask(vector)
    await bench.map_queue(0, chain[0])
    await bench.event(used_event(0))
    for vector in chain[1:]:
        await bench.map_queue(0, vector)
        assert await bench.vector_state(vector) & PENDING
    await bench.expect_messages()
    for vector in chain:
        await bench.unmask(vector)
        await bench.expect_messages(vector)
    await bench.finish("messages")


@cocotb.test(skip=not MSI, **TIMEOUT)
@covers("MSI-21", "MSI-29", "rule 3", "rule 8", "L5")
async def mapped_to_no_vector(dut):
    """NO_VECTOR: no message, no line, no InterruptStatus bit, and nothing later either; what was pending stays."""
    bench = await working(dut)
    await bench.map_queue(0, NO_VECTOR)
    assert await bench.mapping(0) == 0xFFFF
    await bench.map_config(NO_VECTOR)
    await bench.events(EVENT_CONFIG, used_event(0), EVENT_CONFIG, used_event(0))
    await bench.expect_messages()
    await bench.expect_line(0)
    await bench.map_queue(0, 1)
    await bench.map_config(0)
    await bench.command(MsiCommand.DISABLE)
    await bench.expect_line(0)
    await bench.command(MsiCommand.ENABLE)
    await bench.expect_messages()
    await bench.mask(1)
    await bench.event(used_event(0))
    await bench.map_queue(0, NO_VECTOR)
    await bench.unmask(1)
    await bench.expect_messages(1)
    await bench.finish("messages")


@cocotb.test(skip=not MSI or SHARING, **TIMEOUT)
@covers("MSI-21", "MSI-23", "MSI-24", "rule 8")
async def fixed_mapping(dut):
    """Without sharing an event has its own vector, or none, or its own again; MAP to any other does nothing."""
    bench = await working(dut)
    for queue in range(min(QUEUES, 8)):
        own = queue + 1
        for vector in range(min(VECTORS, 16)):
            await bench.map_queue(queue, vector)
            assert await bench.mapping(queue) == own
        await bench.event(used_event(queue))
        await bench.expect_messages(own)
        await bench.map_queue(queue, NO_VECTOR)
        for vector in range(min(VECTORS, 16)):
            if vector != own:
                await bench.map_queue(queue, vector)
                assert await bench.mapping(queue) == 0xFFFF
        await bench.event(used_event(queue))
        await bench.expect_messages()
        await bench.map_queue(queue, own)
        await bench.event(used_event(queue))
        await bench.expect_messages(own)
    for vector in (1, VECTORS - 1):
        await bench.map_config(vector)
    await bench.event(EVENT_CONFIG)
    await bench.expect_messages(0)
    await bench.map_config(NO_VECTOR)
    await bench.map_config(1)
    await bench.event(EVENT_CONFIG)
    await bench.expect_messages()
    await bench.map_config(0)
    await bench.event(EVENT_CONFIG)
    await bench.expect_messages(0)
    await bench.finish("messages")


@cocotb.test(skip=not MSI, **TIMEOUT)
@covers("MSI-26", "MSI-22")
async def map_before_and_after_queue_ready(dut):
    """P4 maps before QueueReady, the 2020 driver after it: both work, and a stopped queue keeps its mapping."""
    bench = await started(dut)
    await bench.negotiate()
    for vector in (0, 1, 2):
        await bench.configure(vector % VECTORS, *bench.message_of(vector % VECTORS))
    await bench.map_queue(0, 1)
    await bench.enable_queue(0)
    if QUEUES > 1:
        await bench.enable_queue(1)
        await bench.map_queue(1, 2 % VECTORS)
    await bench.command(MsiCommand.ENABLE)
    await bench.driver_ok()
    await bench.event(used_event(0))
    await bench.expect_messages(1)
    if QUEUES > 1:
        await bench.event(used_event(1))
        await bench.expect_messages(2 % VECTORS)
    await bench.write(Register.QUEUE_SEL, 0)
    await bench.write(Register.QUEUE_READY, 0)
    await bench.write(Register.QUEUE_READY, 1)
    await bench.event(used_event(0))
    await bench.expect_messages(1)
    await bench.finish("messages")


@cocotb.test(skip=not MSI, **TIMEOUT)
@covers("MSI-16", "MSI-10", "rule 9")
async def enable_twice_disable_twice(dut):
    """ENABLE while enabled keeps what is pending; DISABLE while disabled keeps the InterruptStatus bits."""
    bench = await working(dut)
    await bench.mask(1)
    await bench.event(used_event(0))
    await bench.command(MsiCommand.ENABLE)
    assert await bench.vector_state(1) & PENDING
    await bench.unmask(1)
    await bench.expect_messages(1)
    await bench.command(MsiCommand.DISABLE)
    await bench.events(EVENT_CONFIG, used_event(0))
    await bench.command(MsiCommand.DISABLE)
    await bench.expect_line(3)
    await bench.acknowledge()
    await bench.expect_line(0)
    await bench.finish("messages")


@cocotb.test(skip=not MSI, **TIMEOUT)
@covers("MSI-16", "rule 9")
async def what_disable_keeps(dut):
    """Addresses, masks and mappings survive DISABLE and ENABLE; pending does not, it has become a bit."""
    bench = await working(dut)
    await bench.mask(1)
    await bench.event(used_event(0))
    await bench.command(MsiCommand.DISABLE)
    assert await bench.vector_state(1) == MASKED | CONFIGURED
    assert await bench.mapping(0) == 1
    await bench.acknowledge()
    await bench.command(MsiCommand.ENABLE)
    await bench.event(used_event(0))
    await bench.expect_messages()
    assert await bench.vector_state(1) == MASKED | PENDING | CONFIGURED
    await bench.unmask(1)
    await bench.expect_messages(1)
    await bench.finish("messages")


@cocotb.test(skip=not MSI, **TIMEOUT)
@covers("MSI-18", "MSI-30", "rule 6")
async def commands_while_disabled(dut):
    """MASK, UNMASK, CONFIGURE and MAP work while MSI is off, and count at ENABLE."""
    bench = await working(dut, msi=False)
    await bench.map_queue(0, 1)
    await bench.map_config(0)
    await bench.configure(1, *bench.message_of(1))
    await bench.configure(0, *bench.message_of(0))
    await bench.mask(1)
    await bench.unmask(0)
    await bench.command(MsiCommand.ENABLE)
    await bench.events(used_event(0), EVENT_CONFIG)
    await bench.expect_messages(0)
    await bench.command(MsiCommand.DISABLE)
    await bench.acknowledge()
    await bench.unmask(1)
    await bench.command(MsiCommand.ENABLE)
    await bench.event(used_event(0))
    await bench.expect_messages(1)
    await bench.finish("messages")
