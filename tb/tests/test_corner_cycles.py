# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""An event in the very cycle of a command: nothing lost, nothing without a cause.

Each test sweeps the cycle in which an event is accepted from 6 cycles before the acceptance of a register write to 8
after it, on a message bus that is always ready and on one that stalls. Where the contract leaves the order of the two
open, all legal outcomes are accepted, but the counts must balance; where it fixes the order, the outcome is exact:

- an event accepted EFFECT cycles before the write has taken effect;
- an event accepted after the write's answer finds the write done.
"""

import itertools

import cocotb
from cocotbext.virtio.bfm.axil_registers import Access
from cocotbext.virtio.bfm.knobs import Knobs
from cocotbext.virtio.config import EVENT_CONFIG, NO_VECTOR, used_event
from cocotbext.virtio.registers import MsiCommand, MsiVecStateBit, Register, StatusBit

from tb.tests.support.covers import covers
from tb.tests.support.directed import CHANGED, CONFIG, LEAD, MSI, SHARING, TIMEOUT, USED, WORKING, stalling, started

OFFSETS = range(-6, 9)
EFFECT = 5  # cycles; an event has become a message or a bit by then, if nothing holds it
OLD, NEW = 1, CONFIG.num_vectors - 1 if CONFIG.num_vectors > 2 else 0  # vectors of queue 0 before and after a MAP
NEW_PAIR = 0xABCD_1230_0000_4560, 0x89AB_CDEF

swept = cocotb.parametrize(stalled=[False, True])


async def racing(dut, stalled: bool, msi: bool = True, queues: tuple[int, ...] = (0, 1)):
    """A working bench with the queues named, as far as there are so many, and the vectors of these tests."""
    bench = await started(dut)
    await bench.negotiate()
    await set_up(bench, msi, queues)
    await bench.settle()
    bench.interface.behave(stalling() if stalled else Knobs())
    return bench


def vector_of(queue: int) -> int:
    """The vector of a queue after set_up()."""
    return (queue + 1) % CONFIG.num_vectors


async def set_up(bench, msi: bool = True, queues: tuple[int, ...] = (0,)):
    """From FEATURES_OK to DRIVER_OK: queues ready, their vectors configured and mapped."""
    queues = [queue for queue in queues if queue < CONFIG.num_queues]
    for queue in queues:
        await bench.enable_queue(queue)
    if msi:
        for vector in {0, OLD, NEW, *map(vector_of, queues)}:
            await bench.configure(vector, *bench.message_of(vector))
        await bench.map_config(0)
        for queue in queues:
            await bench.map_queue(queue, vector_of(queue))
        await bench.command(MsiCommand.ENABLE)
        await bench.write(Register.QUEUE_SEL, 0)
    await bench.write(Register.STATUS, WORKING | StatusBit.DRIVER_OK)


async def command_race(bench, command: MsiCommand, vector: int, event: int, offset: int):
    """Race an MSI command on a vector with an event."""
    await bench.write(Register.MSI_VEC_SEL, vector)
    race = await bench.race(Register.MSI_CMD, command, event, offset)
    return race, Order(race, offset)


class Order:
    """What the contract fixes about a race."""

    def __init__(self, race, offset: int):
        self.early = race.event <= race.written - EFFECT  # the event came first
        self.late = race.event > race.answered  # the command came first
        assert race.event - race.written == offset, "the event is not where the sweep wants it"


@cocotb.test(skip=not MSI, **TIMEOUT)
@swept
@covers("rule 6", "MSI-30", "MSI-31", "MSI-34")
async def event_at_mask(dut, stalled):
    """One message in all, before MASK's answer or after UNMASK, never in between."""
    bench = await racing(dut, stalled)
    for offset in OFFSETS:
        race, order = await command_race(bench, MsiCommand.MASK, 1, used_event(0), offset)
        before = await bench.new_messages()
        assert before in ([], [bench.message_of(1)])
        assert all(message.presented <= race.answered for message in bench.messages)
        if order.late:
            assert not before, "an event after MASK's answer was sent"
        if order.early and not stalled:
            assert before, "an event long before MASK was not sent"
        pending = MsiVecStateBit(0) if before else MsiVecStateBit.PENDING
        assert await bench.vector_state(1) == MsiVecStateBit.MASKED | MsiVecStateBit.CONFIGURED | pending
        await bench.unmask(1)
        await bench.expect_messages(*([] if before else [1]))
    await bench.finish("messages", "events")


@cocotb.test(skip=not MSI, **TIMEOUT)
@swept
@covers("rule 6", "MSI-31", "MSI-33", "L1")
async def event_at_unmask(dut, stalled):
    """Exactly one message, wherever the event falls."""
    bench = await racing(dut, stalled)
    for offset in OFFSETS:
        await bench.mask(1)
        await command_race(bench, MsiCommand.UNMASK, 1, used_event(0), offset)
        await bench.expect_messages(1)
    await bench.finish("messages", "events")


@cocotb.test(skip=not MSI, **TIMEOUT)
@swept
@covers("rule 4", "rule 6")
async def second_event_at_unmask(dut, stalled):
    """The vector was pending before: one message for both events, or a second one after the second event."""
    bench = await racing(dut, stalled)
    for offset in OFFSETS:
        await bench.mask(1)
        await bench.event(used_event(0))
        race, order = await command_race(bench, MsiCommand.UNMASK, 1, used_event(0), offset)
        seen = await bench.new_messages()
        assert seen in ([bench.message_of(1)], [bench.message_of(1)] * 2)
        assert bench.messages[-1].presented > race.event, "no message after the second event"
        if order.early:
            assert len(seen) == 1, "UNMASK sent more than one message"
    await bench.finish("messages", "events")


@cocotb.test(skip=not MSI, **TIMEOUT)
@swept
@covers("rule 7", "MSI-17", "MSI-18", "L11")
async def event_at_configure(dut, stalled):
    """One message, with the old pair or the new one, never mixed."""
    bench = await racing(dut, stalled)
    old, new = bench.message_of(1), NEW_PAIR
    for offset in OFFSETS:
        await bench.write(Register.MSI_ADDR_LOW, new[0] & 0xFFFFFFFF)
        await bench.write(Register.MSI_ADDR_HIGH, new[0] >> 32)
        await bench.write(Register.MSI_DATA, new[1])
        _, order = await command_race(bench, MsiCommand.CONFIGURE, 1, used_event(0), offset)
        seen = await bench.new_messages()
        assert seen in ([old], [new]), f"{seen} is neither the old nor the new pair"
        if order.late:
            assert seen == [new]
        if order.early and not stalled:
            assert seen == [old]
        old, new = new, old
    await bench.finish("messages", "events")


@cocotb.test(skip=not MSI, **TIMEOUT)
@swept
@covers("rule 1", "MSI-19")
async def event_at_configure_zero(dut, stalled):
    """Taking the address away and giving it back: one message in all, none to address 0."""
    bench = await racing(dut, stalled)
    for offset in OFFSETS:
        for register in (Register.MSI_ADDR_LOW, Register.MSI_ADDR_HIGH, Register.MSI_DATA):
            await bench.write(register, 0)
        _, order = await command_race(bench, MsiCommand.CONFIGURE, 1, used_event(0), offset)
        seen = await bench.new_messages()
        assert seen in ([], [bench.message_of(1)])
        assert not (order.late and seen)
        await bench.configure(1, *bench.message_of(1))
        await bench.expect_messages(*([] if seen else [1]))
    await bench.finish("messages", "events")


@cocotb.test(skip=not MSI, **TIMEOUT)
@swept
@covers("rule 1", "MSI-18", "MSI-32")
async def event_at_first_configure(dut, stalled):
    """A vector without an address holds its event; the event is sent once the vector has one."""
    bench = await racing(dut, stalled)
    for offset in OFFSETS:
        await bench.configure(1, 0, 0)
        for register, value in (
            (Register.MSI_ADDR_LOW, NEW_PAIR[0] & 0xFFFFFFFF),
            (Register.MSI_ADDR_HIGH, NEW_PAIR[0] >> 32),
            (Register.MSI_DATA, NEW_PAIR[1]),
        ):
            await bench.write(register, value)
        await command_race(bench, MsiCommand.CONFIGURE, 1, used_event(0), offset)
        assert await bench.new_messages() == [NEW_PAIR]
    await bench.finish("messages", "events")


MAPS = [(MsiCommand.MAP_QUEUE, used_event(0)), (MsiCommand.MAP_CONFIG, EVENT_CONFIG)]
of_both_kinds = cocotb.parametrize(kind=[0, 1])


async def map_setup(bench, kind: int, vector: int):
    """Map the event of a kind to a vector; returns the MAP command and the event."""
    command, event = MAPS[kind]
    await bench.write(Register.QUEUE_SEL, 0)
    await bench.command(command, vector)
    return command, event


@cocotb.test(skip=not SHARING, **TIMEOUT)
@swept
@of_both_kinds
@covers("rule 8", "MSI-20", "MSI-22", "L4")
async def event_at_map(dut, stalled, kind):
    """Moved from one open vector to another: the old or the new one sends, or both, but the event is not lost."""
    bench = await racing(dut, stalled)
    for offset in OFFSETS:
        command, event = await map_setup(bench, kind, OLD)
        _, order = await command_race(bench, command, NEW, event, offset)
        seen = await bench.new_messages()
        old, new = bench.message_of(OLD), bench.message_of(NEW)
        assert sorted(seen) in ([old], [new], [old, new]), f"{seen}"
        if order.late:
            assert seen == [new]
        if order.early and not stalled:
            assert seen == [old]
    await bench.finish("messages", "events")


@cocotb.test(skip=not SHARING, **TIMEOUT)
@swept
@of_both_kinds
@covers("rule 8", "MSI-20", "L4")
async def event_at_map_from_masked(dut, stalled, kind):
    """Moved away from a masked vector: the new one sends exactly once, the old one keeps what it had."""
    bench = await racing(dut, stalled)
    await bench.mask(OLD)
    for offset in OFFSETS:
        command, event = await map_setup(bench, kind, OLD)
        _, order = await command_race(bench, command, NEW, event, offset)
        await bench.expect_messages(NEW)
        await bench.unmask(OLD)
        kept = await bench.new_messages()
        assert kept in ([], [bench.message_of(OLD)])
        if order.late:
            assert not kept
        if order.early:
            assert kept
        await bench.mask(OLD)
    await bench.finish("messages", "events")


@cocotb.test(skip=not SHARING, **TIMEOUT)
@covers("rule 8")
async def maps_take_effect_in_one_cycle(dut):
    """From a vector, to a vector and between vectors, of either event: the same number of cycles after the write,
    and all of it at once."""
    bench = await racing(dut, False)
    firsts = set()
    for kind, (old, new) in itertools.product((0, 1), ((OLD, NO_VECTOR), (NO_VECTOR, OLD), (OLD, NEW))):
        told = []
        for offset in range(-1, EFFECT + 2):
            command, event = await map_setup(bench, kind, old)
            await command_race(bench, command, new, event, offset)
            seen = await bench.new_messages()
            assert bench.message_of(old if new == NO_VECTOR else new) in seen or len(seen) < 2
            told.append(seen == [bench.message_of(vector) for vector in (new,) if vector != NO_VECTOR])
        assert told == sorted(told) and not told[0] and told[-1], f"{told}: not one change"
        firsts.add(told.index(True))
    assert len(firsts) == 1, (
        f"not all in the same cycle: {sorted(first - 1 for first in firsts)} cycles after the write"
    )
    await bench.finish("messages", "events")


@cocotb.test(skip=not MSI, **TIMEOUT)
@swept
@of_both_kinds
@covers("rule 8", "rule 3", "MSI-21", "MSI-29")
async def event_at_map_to_none(dut, stalled, kind):
    """Unmapped: the event was before and is sent, or after and is dropped."""
    bench = await racing(dut, stalled)
    vector = (OLD, 0)[kind]
    for offset in OFFSETS:
        command, event = await map_setup(bench, kind, vector)
        _, order = await command_race(bench, command, NO_VECTOR, event, offset)
        seen = await bench.new_messages()
        assert seen in ([], [bench.message_of(vector)])
        assert not (order.late and seen)
        assert seen or not order.early
        assert await bench.interrupt_status() == 0
    await bench.finish("messages", "events")


@cocotb.test(skip=not MSI, **TIMEOUT)
@swept
@of_both_kinds
@covers("rule 8", "rule 3", "MSI-21")
async def event_at_map_from_none(dut, stalled, kind):
    """Mapped: the event was before and is dropped, or after and is sent."""
    bench = await racing(dut, stalled)
    vector = (OLD, 0)[kind]
    for offset in OFFSETS:
        command, event = await map_setup(bench, kind, NO_VECTOR)
        _, order = await command_race(bench, command, vector, event, offset)
        seen = await bench.new_messages()
        assert seen in ([], [bench.message_of(vector)])
        assert seen or not order.late
        assert not (order.early and seen)
    await bench.finish("messages", "events")


@cocotb.test(skip=not MSI, **TIMEOUT)
@swept
@of_both_kinds
@covers("rule 9", "MSI-10", "MSI-13", "L7")
async def event_at_enable(dut, stalled, kind):
    """Exactly one message, whether the event had become an InterruptStatus bit or not; the line is down at the end."""
    bench = await racing(dut, stalled, queues=(0,))
    vector, event = ((1, used_event(0)), (0, EVENT_CONFIG))[kind]
    for offset in OFFSETS:
        await bench.command(MsiCommand.DISABLE)
        race = await bench.race(Register.MSI_CMD, MsiCommand.ENABLE, event, offset)
        # event_ready may be low while ENABLE converts an event: this one then comes later.
        assert race.event - race.written >= offset
        await bench.expect_messages(vector)
        await bench.expect_line(0)
    await bench.finish("messages", "events")


@cocotb.test(skip=not MSI, **TIMEOUT)
@swept
@covers("rule 9", "L7")
async def second_event_at_enable(dut, stalled):
    """An InterruptStatus bit is being converted when another event comes: it is not lost in between."""
    bench = await racing(dut, stalled, queues=(0,))
    for offset in range(-6, 3 * bench.config.num_queues + 8):
        await bench.command(MsiCommand.DISABLE)
        await bench.event(used_event(0))
        race = await bench.race(Register.MSI_CMD, MsiCommand.ENABLE, used_event(0), offset)
        seen = await bench.new_messages()
        assert seen in ([bench.message_of(1)], [bench.message_of(1)] * 2)
        assert bench.messages[-1].presented > race.event, "no message after the second event"
        await bench.expect_line(0)
    await bench.finish("messages", "events")


@cocotb.test(skip=not MSI, **TIMEOUT)
@swept
@of_both_kinds
@covers("rule 9", "MSI-10", "MSI-14", "MSI-15", "L6")
async def event_at_disable(dut, stalled, kind):
    """A message or an InterruptStatus bit: one of them, and not both."""
    bench = await racing(dut, stalled, queues=(0,))
    vector, event, bit = ((1, used_event(0), USED), (0, EVENT_CONFIG, CHANGED))[kind]
    for offset in OFFSETS:
        race = await bench.race(Register.MSI_CMD, MsiCommand.DISABLE, event, offset)
        order = Order(race, offset)
        seen = await bench.new_messages()
        assert seen in ([], [bench.message_of(vector)])
        await bench.expect_line(0 if seen else bit)
        assert not (order.late and seen)
        if order.early and not stalled:
            assert seen
        await bench.acknowledge()
        await bench.command(MsiCommand.ENABLE)
        await bench.expect_messages()
    await bench.finish("messages", "events")


@cocotb.test(skip=not MSI, **TIMEOUT)
@swept
@cocotb.parametrize(with_first=[True, False])
@covers("rule 9")
async def disable_while_enable_converts(dut, stalled, with_first):
    """DISABLE cuts ENABLE's conversion short at every step: each event is a message or still a bit."""
    last = CONFIG.num_queues - 1  # ENABLE walks over the queues: this one's turn comes last
    ready = {0, last} if with_first else {last}
    bench = await racing(dut, stalled, queues=tuple(ready))
    registers = bench.interface.registers
    for distance in range(2 * CONFIG.num_queues + 12):
        await bench.command(MsiCommand.DISABLE)
        await bench.events(used_event(last), EVENT_CONFIG)
        await bench.cycles(8)
        registers.submit(Access(True, Register.MSI_CMD, MsiCommand.ENABLE))
        await registers.submit(Access(True, Register.MSI_CMD, MsiCommand.DISABLE, 0xF, distance, distance)).wait()
        status = await bench.interrupt_status()
        await bench.acknowledge()  # at once: what the conversion left behind would show later
        seen = await bench.new_messages()
        assert bench.message_of(0) in seen or status & CHANGED, f"configuration change lost at {distance}"
        assert bench.message_of(vector_of(last)) in seen or status & USED, f"used buffer lost at {distance}"
        if vector_of(last):
            assert len(seen) == len(set(seen)), f"sent twice at {distance}"
            assert not (bench.message_of(0) in seen and status & CHANGED), f"reported twice at {distance}"
        await bench.expect_line(0)
        await bench.event(used_event(last))  # and a conversion that is not cut short reaches every queue
        await bench.settle()
        await bench.command(MsiCommand.ENABLE)
        await bench.expect_messages(*map(vector_of, ready))
    await bench.finish("events")


@cocotb.test(**TIMEOUT)
@covers("rule 2", "MMIO-51", "MMIO-53")
async def event_at_acknowledge(dut):
    """Accepted in the cycle of the acknowledge or later, an event survives it; long before, it does not."""
    bench = await racing(dut, False, msi=False)
    for event, bit in ((used_event(0), USED), (EVENT_CONFIG, CHANGED)):
        for already in (False, True):
            for offset in OFFSETS:
                if already:
                    await bench.event(event)
                    await bench.cycles(EFFECT)
                race = await bench.race(Register.INTERRUPT_ACK, bit, event, offset)
                order = Order(race, offset)
                await bench.settle()
                status = await bench.interrupt_status()
                assert status in (0, bit)
                if race.event >= race.written:
                    assert status == bit, f"lost at offset {offset}"
                if order.early:
                    assert status == 0
                await bench.acknowledge()
                await bench.expect_line(0)
    await bench.finish("line changes", "events")


@cocotb.test(**TIMEOUT)
@covers("MMIO-51")
async def event_at_acknowledge_of_the_other(dut):
    """Acknowledging one bit never touches the other's event."""
    bench = await racing(dut, False, msi=False)
    for event, bit, other in ((used_event(0), USED, CHANGED), (EVENT_CONFIG, CHANGED, USED)):
        for offset in OFFSETS:
            await bench.race(Register.INTERRUPT_ACK, ~int(bit) & 0xFFFFFFFF, event, offset)
            await bench.expect_line(bit)
            await bench.acknowledge(other)
            await bench.expect_line(bit)
            await bench.acknowledge(bit)
            await bench.expect_line(0)
    await bench.finish("line changes", "events")


@cocotb.test(skip=not MSI, **TIMEOUT)
@swept
@covers("rule 3", "MSI-11", "MSI-12", "L13")
async def event_at_acknowledge_with_msi(dut, stalled):
    """With MSI on, InterruptACK has no part in anything."""
    bench = await racing(dut, stalled)
    for offset in OFFSETS:
        await bench.race(Register.INTERRUPT_ACK, USED | CHANGED, used_event(0), offset)
        await bench.expect_messages(1)
        await bench.expect_line(0)
    await bench.finish("messages", "events")


@cocotb.test(skip=not MSI, **TIMEOUT)
@swept
@of_both_kinds
@covers("rule 11", "MMIO-12", "MSI-38", "L9")
async def event_at_reset(dut, stalled, kind):
    """Before the reset an event is a message or gone; after it, a configuration change is a new one."""
    bench = await racing(dut, stalled)
    vector, event = ((1, used_event(0)), (0, EVENT_CONFIG))[kind]
    for offset in OFFSETS:
        race = await bench.race(Register.STATUS, 0, event, offset)
        seen = await bench.new_messages()
        assert seen in ([], [bench.message_of(vector)])
        assert all(message.presented <= race.answered for message in bench.messages)
        assert bench.interface.line_monitor.level == 0
        if race.event - race.written <= -EFFECT and not stalled:
            assert seen
        await bench.accept_features()
        await set_up(bench)
        stale = await bench.new_messages()
        if race.event <= race.written or kind == 0:
            assert not stale, f"{stale} survived the reset"
        elif race.event > race.answered:
            assert stale == [bench.message_of(0)], "a configuration change after the reset is lost"
    await bench.finish("events")


@cocotb.test(skip=not MSI, **TIMEOUT)
@swept
@covers("rule 12", "MSI-39", "MSI-26")
async def event_at_queue_ready(dut, stalled):
    """Switched on: an event before is dropped, one after is sent. Switched off: the other way round."""
    bench = await racing(dut, stalled)
    await bench.write(Register.QUEUE_SEL, 0)
    for offset in OFFSETS:
        race = await bench.race(Register.QUEUE_READY, 0, used_event(0), offset)
        seen = await bench.new_messages()
        assert seen in ([], [bench.message_of(1)])
        if race.event < race.written:
            assert seen, "the queue was ready when the event was accepted"
        assert not (race.event > race.answered and seen)

        race = await bench.race(Register.QUEUE_READY, 1, used_event(0), offset)
        seen = await bench.new_messages()
        assert seen in ([], [bench.message_of(1)])
        if race.event > race.answered:
            assert seen
        assert not (race.event <= race.written - EFFECT and seen)
    await bench.finish("messages", "events")


@cocotb.test(**TIMEOUT)
@cocotb.parametrize(msi=[True, False] if MSI else [False])
@covers("rule 10", "MMIO-18", "L12")
async def event_at_driver_ok(dut, msi):
    """Nothing before DRIVER_OK; then exactly one message, or the bit, whichever side the event falls on."""
    bench = await started(dut)
    for offset in OFFSETS:
        await bench.negotiate()
        await bench.enable_queue(0)
        if msi:
            await bench.configure(1, *bench.message_of(1))
            await bench.map_queue(0, 1)
            await bench.command(MsiCommand.ENABLE)
        race = await bench.race(Register.STATUS, WORKING | StatusBit.DRIVER_OK, used_event(0), offset)
        if msi:
            await bench.expect_messages(1)
            assert bench.messages[-1].presented > race.written
            await bench.expect_line(0)
        else:
            await bench.expect_line(USED)
    await bench.finish("events")


@cocotb.test(skip=not MSI, **TIMEOUT)
@swept
@covers("rule 4", "MSI-27")
async def two_events(dut, stalled):
    """Two events of one vector, 1 to 12 cycles apart: the second one is followed by a message of its own or shares
    one that was taken after it. A third event, of another vector, is sent once."""
    bench = await racing(dut, stalled)
    for distance in range(1, 13):
        cycles = await bench.interface.event_source.burst([used_event(0), EVENT_CONFIG])
        last = await bench.interface.event_source.send(used_event(0), gap=distance - 1)
        seen = await bench.new_messages()
        assert seen.count(bench.message_of(0)) == 1
        assert seen.count(bench.message_of(1)) in (1, 2)
        assert len(seen) == seen.count(bench.message_of(0)) + seen.count(bench.message_of(1))
        of_queue = [message for message in bench.messages if message.address == bench.message_of(1)[0]]
        assert of_queue[-1].presented > last, "no message after the second event"
        if last >= cycles[0] + EFFECT and not stalled:
            assert seen.count(bench.message_of(1)) == 2
    await bench.finish("messages", "events")


async def raise_needs_reset(bench, register: int, value: int, offset: int):
    """Write a register, and raise needs_reset for one cycle, *offset* cycles after the write's acceptance."""
    write = cocotb.start_soon(bench.interface.registers.write(register, value, address_latency=LEAD, data_latency=LEAD))
    await bench.cycles(LEAD + offset)
    bench.interface.device_state.needs_reset = True
    await bench.cycles(1)
    bench.interface.device_state.needs_reset = False
    await write


@cocotb.test(**TIMEOUT)
@cocotb.parametrize(msi=[True, False] if MSI else [False])
@covers("rule 4", "choice 9", "MMIO-21")
async def event_at_needs_reset(dut, msi):
    """DEVICE_NEEDS_RESET is an event of the endpoint's own: one of the device in the same cycle is not lost, nor
    that."""
    bench = await racing(dut, False, msi)
    for offset in OFFSETS:
        for event in (used_event(0), EVENT_CONFIG):
            await bench.negotiate()
            await set_up(bench, msi)
            await bench.settle()
            bench.interface.event_source.submit(event, LEAD + offset)
            await bench.cycles(LEAD)
            bench.interface.device_state.needs_reset = True
            await bench.cycles(1)
            bench.interface.device_state.needs_reset = False
            if not msi:
                await bench.expect_line(CHANGED if event == EVENT_CONFIG else USED | CHANGED)
            elif event == EVENT_CONFIG:
                assert await bench.new_messages() in ([bench.message_of(0)], [bench.message_of(0)] * 2)
            else:
                await bench.expect_messages(0, 1)
    await bench.finish("events")


@cocotb.test(skip=not MSI, **TIMEOUT)
@covers("rule 9", "choice 9", "MMIO-21")
async def needs_reset_at_enable_and_disable(dut):
    """Raised while ENABLE converts, or as DISABLE is executed: the driver is told exactly once, this way or that."""
    bench = await racing(dut, False)
    for command in (MsiCommand.ENABLE, MsiCommand.DISABLE):
        for offset in range(-6, bench.config.num_queues + 9):
            await bench.negotiate()
            await set_up(bench)
            if command == MsiCommand.ENABLE:
                await bench.command(MsiCommand.DISABLE)
                await bench.event(used_event(0))
            await bench.settle()
            await raise_needs_reset(bench, Register.MSI_CMD, command, offset)
            seen = await bench.new_messages()
            if command == MsiCommand.ENABLE:
                assert sorted(seen) == [bench.message_of(0), bench.message_of(1)]
                await bench.expect_line(0)
            else:
                assert seen in ([], [bench.message_of(0)])
                await bench.expect_line(0 if seen else CHANGED)
    await bench.finish("events")


@cocotb.test(skip=not SHARING, **TIMEOUT)
@covers("rule 8", "choice 9", "MMIO-21")
async def needs_reset_at_map(dut):
    """Raised while the configuration change moves from a masked vector to an open one: the open one sends once."""
    bench = await racing(dut, False)
    for offset in OFFSETS:
        await bench.negotiate()
        await set_up(bench)
        await bench.mask(0)
        await bench.settle()
        await bench.write(Register.MSI_VEC_SEL, OLD)
        await raise_needs_reset(bench, Register.MSI_CMD, MsiCommand.MAP_CONFIG, offset)
        await bench.expect_messages(OLD)
        await bench.unmask(0)
        assert await bench.new_messages() in ([], [bench.message_of(0)])
    await bench.finish("messages")


@cocotb.test(**TIMEOUT)
@covers("rule 2", "choice 9", "MMIO-21")
async def needs_reset_at_acknowledge(dut):
    """Raised in the cycle of the acknowledge's acceptance or later, it survives."""
    bench = await racing(dut, False, msi=False)
    for offset in OFFSETS:
        await bench.negotiate()
        await set_up(bench, msi=False)
        await bench.settle()
        await raise_needs_reset(bench, Register.INTERRUPT_ACK, CHANGED, offset)
        await bench.settle()
        status = await bench.interrupt_status()
        assert status in (0, CHANGED)
        if offset >= 0:
            assert status == CHANGED
        if offset <= -EFFECT - 1:
            assert status == 0
    await bench.finish("register reads")
