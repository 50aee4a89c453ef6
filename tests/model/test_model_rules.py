# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The interrupt semantics, rules 1 to 13 of the contract: what the model accepts, and what it refuses."""

import pytest
from cocotbext.virtio.config import NO_VECTOR, used_event
from cocotbext.virtio.model import Mismatch, Timing
from cocotbext.virtio.registers import MsiCommand, Register

from tests.model.bench import DRIVER_OK, READY, Bench

CONFIG, USED_0, USED_1 = 0, used_event(0), used_event(1)


def refused(rule: str, text: str = ""):
    """The model raises Mismatch for this rule, with this in its message."""
    return pytest.raises(Mismatch, match=f"^{rule}: .*{text}")


@pytest.fixture
def bench():
    """Two queues, three vectors, everything configured and enabled."""
    return Bench().bring_up()


@pytest.fixture
def sharing():
    """The same in sharing mode, with a spare vector."""
    return Bench(msi_sharing=1, num_vectors=4).bring_up()


# ---------------------------------------------------------------------- rule 1
def test_rule_1_unconfigured_vector_holds_its_event():
    bench = Bench()
    bench.negotiate()
    bench.queue(0)
    bench.command(MsiCommand.ENABLE)
    bench.start()
    bench.event(USED_0)
    bench.wait()
    bench.select(1)
    bench.read(Register.MSI_VEC_STATE, 0x0001_0002)
    bench.configure(1, 0x1000, 7)
    bench.message(pair=(0x1000, 7))
    assert bench.finish().delivered == 1


def test_rule_1_configure_with_address_0_silences(bench):
    bench.configure(1, 0, 0x41)
    bench.event(USED_0)
    bench.wait()
    bench.select(1)
    bench.read(Register.MSI_VEC_STATE, 0x0002_0002)  # QueueSel is 1
    with refused("rule 7"):
        bench.message(1)


def test_rule_1_nothing_survives_reset(bench):
    bench.command(MsiCommand.MASK, 1)
    bench.reset()
    bench.negotiate()
    bench.select(1)
    bench.read(Register.MSI_VEC_STATE, 0x0001_0000)
    bench.read(Register.MSI_STATE, 0)


# ---------------------------------------------------------------------- rule 2
@pytest.fixture
def line_bench():
    """MSI negotiated and configured, but off."""
    return Bench().bring_up(enable=False)


def test_rule_2_events_set_interrupt_status_and_the_line(line_bench):
    bench = line_bench
    bench.event(USED_0)
    bench.wait(3)
    bench.line(1)
    bench.read(Register.INTERRUPT_STATUS, 1)
    bench.event(CONFIG)
    bench.wait(10)
    bench.read(Register.INTERRUPT_STATUS, 3)
    bench.write(Register.INTERRUPT_ACK, 1)
    bench.read(Register.INTERRUPT_STATUS, 2)
    bench.write(Register.INTERRUPT_ACK, 0xFFFFFFFE)
    bench.line(0)
    bench.read(Register.INTERRUPT_STATUS, 0)
    counts = bench.finish()
    assert counts.line_acknowledged == 2


def test_rule_2_no_message_while_msi_is_off(line_bench):
    line_bench.event(USED_0)
    line_bench.cycle += 1
    with refused("rule 2", "MSI is disabled"):
        line_bench.message(1)


def test_rule_2_lost_event_shows_in_a_read(line_bench):
    line_bench.event(USED_0)
    line_bench.wait(3)
    line_bench.line(1)
    line_bench.wait(10)
    with refused("rule 2", "InterruptStatus .*got 0x00000000, expected 0x00000001"):
        line_bench.read(Register.INTERRUPT_STATUS, 0)


def test_rule_2_line_that_does_not_rise(line_bench):
    line_bench.event(USED_0)
    line_bench.wait()
    with refused("rule 2", "irq is low"):
        line_bench.read(Register.STATUS, DRIVER_OK)


def test_rule_2_line_that_rises_for_nothing(line_bench):
    line_bench.wait()
    with refused("rule 2", "irq went high"):
        line_bench.line(1)


def test_rule_2_line_that_stays_after_acknowledge(line_bench):
    line_bench.event(USED_0)
    line_bench.wait(3)
    line_bench.line(1)
    line_bench.wait(10)
    line_bench.write(Register.INTERRUPT_ACK, 1)
    with refused("rule 2", "irq is high"):
        line_bench.finish()


@pytest.mark.parametrize("late", [0, 1, 2])
def test_mmio_53_event_with_or_after_the_acknowledge_survives(line_bench, late):
    bench = line_bench
    bench.event(USED_0)
    bench.wait(3)
    bench.line(1)
    bench.wait(20)
    bench.accept(Register.INTERRUPT_ACK, 1)
    bench.cycle += late
    bench.event(USED_0)
    bench.cycle += 2 - late
    bench.respond()
    bench.wait(20)
    with refused("rule 2"):
        bench.read(Register.INTERRUPT_STATUS, 0)


def test_mmio_53_event_before_the_acknowledge_may_be_either(line_bench):
    for seen in (0, 1):
        bench = Bench().bring_up(enable=False)
        bench.event(USED_0)
        bench.cycle += 1
        bench.accept(Register.INTERRUPT_ACK, 1)
        bench.cycle += 2
        bench.respond()
        if seen:
            bench.line(1)
        bench.wait(20)
        bench.read(Register.INTERRUPT_STATUS, seen)
        with refused("rule 2"):
            bench.read(Register.INTERRUPT_STATUS, 1 - seen)  # the first read has settled it


# ---------------------------------------------------------------------- rule 3
def test_rule_3_event_becomes_a_message(bench):
    bench.event(USED_0)
    bench.message(1)
    bench.read(Register.INTERRUPT_STATUS, 0)
    counts = bench.finish()
    assert counts.delivered == 1 and counts.lost == 0


def test_rule_3_lost_message(bench):
    bench.event(USED_0)
    with refused("rule 4", "vector 1 owes a message"):
        bench.finish()


def test_rule_3_no_vector_drops(bench):
    bench.map_queue(0, NO_VECTOR)
    bench.event(USED_0)
    bench.wait()
    bench.read(Register.INTERRUPT_STATUS, 0)
    bench.write(Register.QUEUE_SEL, 0)
    bench.read(Register.MSI_VEC_STATE, 0xFFFF_0000)
    assert bench.finish().dropped_no_vector == 1


def test_rule_3_no_vector_sends_nothing(bench):
    bench.map_queue(0, NO_VECTOR)
    bench.event(USED_0)
    with refused("rule 4", "no event or other cause"):
        bench.message(1)


def test_rule_3_acknowledge_does_nothing_while_enabled(bench):
    bench.command(MsiCommand.MASK, 1)
    bench.event(USED_0)
    bench.wait()
    bench.write(Register.INTERRUPT_ACK, 3)
    bench.command(MsiCommand.UNMASK, 1)
    bench.message(1)
    assert bench.finish().delivered == 1


# ---------------------------------------------------------------------- rule 4
def test_rule_4_several_events_may_share_a_message(bench):
    for _ in range(3):
        bench.event(USED_0)
        bench.cycle += 1
    bench.message(1)
    counts = bench.finish()
    assert counts.delivered == 3 and counts.coalesced == 2


def test_rule_4_event_after_the_message_needs_another(bench):
    bench.event(USED_0)
    bench.message(1)
    bench.event(USED_0)
    with refused("rule 4", "owes a message"):
        bench.finish()


def test_rule_4_event_in_the_cycle_of_the_message_needs_another(bench):
    bench.event(USED_0)
    bench.cycle += 2
    bench.event(USED_0)
    bench.cycle -= 2
    bench.message(1)
    with refused("rule 4", "owes a message"):
        bench.finish()


def test_rule_4_fastest_message_sharpens(bench):
    """With an endpoint known to need two cycles, an event one cycle before a message is not followed by it."""
    sharp = Bench(Timing(fastest_message=2)).bring_up()
    for each in (bench, sharp):
        each.event(USED_0)
        each.cycle += 1
        each.event(USED_0)
        each.cycle -= 1
        each.message(1)
    bench.finish()
    with refused("rule 4", "owes a message"):
        sharp.finish()


def test_rule_4_message_without_cause(bench):
    with refused("rule 4", "vector 1 has no event or other cause"):
        bench.message(1)


def test_rule_4_duplicated_message(bench):
    bench.event(USED_0)
    bench.message(1)
    with refused("rule 4", "no event or other cause"):
        bench.message(1)


def test_rule_4_message_of_the_wrong_vector(bench):
    bench.event(USED_0)
    with refused("rule 4", "vector 2 has no event"):
        bench.message(2)


def test_rule_4_coalesced_cause_does_not_last_for_ever(bench):
    """Two events may mean two messages, but not long after on a free bus."""
    bench.event(USED_0)
    bench.cycle += 1
    bench.event(USED_0)
    bench.message(1)
    bench.wait(100)
    with refused("rule 4", "no event or other cause"):
        bench.message(1)


# ---------------------------------------------------------------------- rule 5
def test_rule_5_starved_vector():
    bench = Bench(num_queues=3).bring_up()
    bench.event(used_event(2))
    with refused("rule 5", "vector 3 has been pending"):
        for _ in range(20):
            for queue in (0, 1):
                bench.event(used_event(queue))
                bench.message(queue + 1)


def test_rule_5_in_turn():
    bench = Bench(num_queues=8).bring_up()
    for index in range(9):
        bench.event(index)
        bench.cycle += 1
    for vector in (5, 6, 7, 8, 0, 1, 2, 3, 4):
        bench.cycle += 2
        bench.message(vector)
    assert bench.finish().messages == 9


# ---------------------------------------------------------------------- rule 6
def test_rule_6_mask_is_in_force_with_its_response(bench):
    bench.event(USED_0)
    bench.wait(1)
    bench.select(1)
    bench.accept(Register.MSI_CMD, MsiCommand.MASK)
    bench.cycle += 2
    bench.respond()
    bench.cycle -= 2
    bench.message(1)  # first presented in the cycle of the response
    assert bench.finish().delivered == 1


def test_rule_6_message_after_the_response_to_mask(bench):
    bench.event(USED_0)
    bench.wait(1)
    bench.select(1)
    bench.accept(Register.MSI_CMD, MsiCommand.MASK)
    bench.cycle += 2
    bench.respond()
    bench.cycle -= 1
    with refused("rule 6", "vector 1 is masked"):
        bench.message(1)


def test_rule_6_unmask_sends_exactly_one(bench):
    bench.command(MsiCommand.MASK, 1)
    for _ in range(3):
        bench.event(USED_0)
        bench.cycle += 1
    bench.wait()
    bench.command(MsiCommand.UNMASK, 1)
    bench.message(1)
    with refused("rule 4", "no event or other cause"):
        bench.message(1)


def test_rule_6_unmask_sends_one(bench):
    bench.command(MsiCommand.MASK, 1)
    bench.event(USED_0)
    bench.wait()
    bench.command(MsiCommand.UNMASK, 1)
    with refused("rule 4", "owes a message"):
        bench.finish()


def test_rule_6_unmask_without_pending_sends_nothing(bench):
    bench.command(MsiCommand.MASK, 1)
    bench.command(MsiCommand.UNMASK, 1)
    with refused("rule 4"):
        bench.message(1)


def test_rule_6_other_vectors_go_on(bench):
    bench.command(MsiCommand.MASK, 1)
    bench.event(USED_0)
    bench.cycle += 1
    bench.event(USED_1)
    bench.message(2)
    bench.wait()
    counts = bench.finish()
    assert counts.still_pending == 1 and counts.held_by_mask == 1


# ---------------------------------------------------------------------- rule 7
@pytest.mark.parametrize("pair", [(0x2000, 0x41), (0xFEE00010, 0x99)])
def test_rule_7_mixed_old_and_new(bench, pair):
    bench.event(USED_0)
    bench.stage(1, 0x2000, 0x99)
    bench.accept(Register.MSI_CMD, MsiCommand.CONFIGURE)
    with refused("rule 7"):
        bench.message(pair=pair)


@pytest.mark.parametrize("flip", [1, 1 << 31])
def test_rule_7_corrupted_data(bench, flip):
    bench.event(USED_0)
    address, data = bench.message_of(1)
    with refused("rule 7", "no CONFIGURE gave a vector this data"):
        bench.message(pair=(address, data ^ flip))


def test_rule_7_corrupted_address(bench):
    bench.event(USED_0)
    address, data = bench.message_of(1)
    with refused("rule 7", "no CONFIGURE gave a vector this address"):
        bench.message(pair=(address ^ 1 << 40, data))


def test_rule_7_another_vectors_pair_mixed(bench):
    bench.event(USED_0)
    with refused("rule 7"):
        bench.message(pair=(bench.message_of(1)[0], bench.message_of(2)[1]))


def test_rule_7_old_pair_long_after_configure(bench):
    bench.configure(1, 0x2000, 9)
    bench.wait()
    bench.event(USED_0)
    with refused("rule 7", "another message"):
        bench.message(1)


def test_rule_7_staged_values_survive_configure(bench):
    bench.configure(1, 0x2000, 9)
    bench.command(MsiCommand.CONFIGURE, 2)
    bench.read(Register.MSI_ADDR_LOW, 0x2000)
    bench.event(USED_1)
    bench.message(pair=(0x2000, 9))
    assert bench.finish().delivered == 1


# ---------------------------------------------------------------------- rule 8
def test_rule_8_moving_a_mapping_takes_pending_along(sharing):
    bench = sharing
    bench.command(MsiCommand.MASK, 1)
    bench.event(USED_0)
    bench.wait()
    bench.map_queue(0, 3)
    with refused("rule 4", "vector 3 owes a message"):
        bench.finish()


def test_rule_8_both_vectors_are_pending(sharing):
    bench = sharing
    bench.command(MsiCommand.MASK, 1)
    bench.event(USED_0)
    bench.wait()
    bench.map_queue(0, 3)
    bench.message(3)
    bench.command(MsiCommand.UNMASK, 1)
    bench.message(1)
    bench.finish()


def test_rule_8_event_racing_with_map_is_not_lost(sharing):
    """It lands on the old vector and is moved, or on the new one: the new one owes a message, or the old one sent."""
    for sender in (None, 1, 3):
        bench = Bench(msi_sharing=1, num_vectors=4).bring_up()
        bench.write(Register.QUEUE_SEL, 0)
        bench.select(3)
        bench.event(USED_0)
        bench.accept(Register.MSI_CMD, MsiCommand.MAP_QUEUE)
        bench.cycle += 2
        bench.respond()
        if sender is None:
            with refused("rule 4", "vector 3 owes a message"):
                bench.finish()
        else:
            bench.message(sender)
            bench.finish()


def test_rule_8_fixed_mapping_without_sharing(bench):
    bench.map_queue(0, 2)
    bench.read(Register.MSI_VEC_STATE, 0x0001_0004)
    bench.map_queue(0, NO_VECTOR)
    bench.map_queue(0, 1)
    bench.read(Register.MSI_VEC_STATE, 0x0001_0004)
    bench.event(USED_0)
    bench.message(1)
    bench.finish()


# ---------------------------------------------------------------------- rule 9
def test_rule_9_enable_converts_interrupt_status():
    bench = Bench().bring_up(enable=False)
    bench.event(USED_0)
    bench.wait(3)
    bench.line(1)
    bench.event(CONFIG)
    bench.wait(10)
    bench.command(MsiCommand.ENABLE)
    bench.line(0)
    bench.read(Register.INTERRUPT_STATUS, 0)
    for vector in (0, 1, 2):  # the bit does not tell which queue it was
        bench.message(vector)
    counts = bench.finish()
    assert counts.converted == 2


@pytest.mark.parametrize("missing", [0, 1, 2])
def test_rule_9_every_ready_queue_gets_the_conversion(missing):
    bench = Bench().bring_up(enable=False)
    bench.event(USED_0)
    bench.event(CONFIG)
    bench.wait(3)
    bench.line(1)
    bench.wait(10)
    bench.command(MsiCommand.ENABLE)
    bench.line(0)
    for vector in {0, 1, 2} - {missing}:
        bench.message(vector)
    with refused("rule 4", f"vector {missing} owes"):
        bench.finish()


@pytest.mark.parametrize("index, bits", [(USED_0, 1), (CONFIG, 2)])
def test_rule_9_disable_gives_pending_back(bench, index, bits):
    bench.command(MsiCommand.MASK, index)
    bench.event(index)
    bench.wait()
    bench.command(MsiCommand.DISABLE)
    bench.line(1)
    bench.read(Register.INTERRUPT_STATUS, bits)
    bench.command(MsiCommand.UNMASK, index)
    bench.command(MsiCommand.ENABLE)
    bench.line(0)
    bench.message(1 if index else 0)
    if index:
        bench.message(2)
    counts = bench.finish()
    assert counts.converted == 1


def test_rule_9_disable_that_loses_pending(bench):
    bench.command(MsiCommand.MASK, 1)
    bench.event(USED_0)
    bench.wait()
    bench.command(MsiCommand.DISABLE)
    with refused("rule 2", "irq is low"):
        bench.finish()


def test_rule_9_wrong_cause_after_disable(bench):
    bench.command(MsiCommand.MASK, 1)
    bench.event(USED_0)
    bench.wait()
    bench.command(MsiCommand.DISABLE)
    bench.line(1)
    with refused("rule 2"):
        bench.read(Register.INTERRUPT_STATUS, 2)


def test_rule_9_no_message_after_the_response_to_disable(bench):
    bench.event(USED_0)
    bench.wait(1)
    bench.command(MsiCommand.DISABLE)
    with refused("rule 2", "MSI is disabled"):
        bench.message(1)


# ---------------------------------------------------------------------- rule 10
def test_rule_10_nothing_before_driver_ok():
    bench = Bench().bring_up(driver_ok=False)
    bench.event(USED_0)
    with refused("rule 10", "DRIVER_OK is not set"):
        bench.message(1)


def test_rule_10_sent_after_driver_ok():
    bench = Bench().bring_up(driver_ok=False)
    bench.event(USED_0)
    bench.wait()
    bench.start()
    bench.message(1)
    bench.finish()


def test_rule_10_not_sent_after_driver_ok():
    bench = Bench().bring_up(driver_ok=False)
    bench.event(USED_0)
    bench.wait()
    bench.start()
    with refused("rule 4", "owes"):
        bench.finish()


def test_rule_10_the_line_waits_for_driver_ok():
    bench = Bench().bring_up(enable=False, driver_ok=False)
    bench.event(USED_0)
    bench.wait()
    bench.read(Register.INTERRUPT_STATUS, 0)
    bench.write(Register.INTERRUPT_ACK, 1)
    bench.start()
    bench.line(1)
    bench.read(Register.INTERRUPT_STATUS, 1)
    bench.finish()


# ---------------------------------------------------------------------- rule 11
def test_rule_11_reset_wipes_pending(bench):
    bench.command(MsiCommand.MASK, 1)
    bench.event(USED_0)
    bench.wait()
    bench.reset()
    bench.bring_up()
    assert bench.finish().wiped == 1


def test_rule_11_stale_message_after_reset(bench):
    bench.event(USED_0)
    bench.wait(1)
    bench.reset()
    with refused("rule 11", "the device was reset"):
        bench.message(1)


def test_rule_11_stale_message_after_reset_and_bring_up(bench):
    bench.command(MsiCommand.MASK, 1)
    bench.event(USED_0)
    bench.wait()
    bench.reset()
    bench.bring_up()
    bench.wait()
    with refused("rule 4", "no event or other cause"):
        bench.message(1)


def test_rule_11_reset_waits_for_the_message_bus(bench):
    bench.event(USED_0)
    bench.cycle += 2
    bench.model.message_started(bench.cycle, *bench.message_of(1))
    with refused("rule 11", "1 messages were not"):
        bench.reset()
        bench.read(Register.STATUS, 0)


def test_rule_11_reset_without_pulse(bench):
    bench.write(Register.STATUS, 0)
    with refused("rule 11", "without a pulse of device_reset"):
        bench.read(Register.STATUS, 0)


# ---------------------------------------------------------------------- rule 12
def test_rule_12_event_of_a_queue_that_is_not_ready(bench):
    bench.write(Register.QUEUE_SEL, 0)
    bench.write(Register.QUEUE_READY, 0)
    bench.event(USED_0)
    bench.event(99)
    bench.wait()
    assert bench.finish().dropped_queue == 2


def test_rule_12_no_message_for_a_queue_that_is_not_ready(bench):
    bench.write(Register.QUEUE_SEL, 0)
    bench.write(Register.QUEUE_READY, 0)
    bench.event(USED_0)
    with refused("rule 4", "vector 1 has no event"):
        bench.message(1)


def test_rule_12_stopping_a_queue_withdraws_nothing(bench):
    bench.command(MsiCommand.MASK, 1)
    bench.event(USED_0)
    bench.wait()
    bench.write(Register.QUEUE_SEL, 0)
    bench.write(Register.QUEUE_READY, 0)
    bench.command(MsiCommand.UNMASK, 1)
    with refused("rule 4", "vector 1 owes"):
        bench.finish()


# ---------------------------------------------------------------------- rule 13
def test_rule_13_fault_is_reported_once_and_raises_needs_reset(bench):
    bench.event(USED_0)
    bench.message(1, response=2)
    bench.fault(1)
    bench.wait(10)
    bench.message(0)  # DEVICE_NEEDS_RESET is a configuration change
    bench.read(Register.STATUS, DRIVER_OK | 0x40)
    counts = bench.finish()
    assert counts.faults == 1 and counts.events["needs_reset"] == 1


def test_rule_13_no_retry(bench):
    bench.event(USED_0)
    bench.message(1, response=3)
    bench.fault(1)
    with refused("rule 4", "no event or other cause"):
        bench.message(1)


def test_rule_13_fault_not_reported(bench):
    bench.event(USED_0)
    bench.message(1, response=2)
    bench.message(0)
    with refused("rule 13", "was not reported"):
        bench.finish()


def test_rule_13_wrong_vector(bench):
    bench.event(USED_0)
    bench.message(1, response=2)
    with refused("rule 13", "msi_error_vector is 2"):
        bench.fault(2)


def test_rule_13_fault_without_error(bench):
    bench.event(USED_0)
    bench.message(1)
    bench.fault(1)
    with refused("rule 13", "no message failed"):
        bench.wait()
        bench.finish()


def test_mmio_21_needs_reset_without_its_event(bench):
    bench.needs_reset(1)
    with refused("rule 4", "vector 0 owes"):
        bench.finish()


def test_needs_reset_before_driver_ok_is_no_event():
    bench = Bench().bring_up(driver_ok=False)
    bench.needs_reset(1)
    bench.wait()
    bench.start()
    bench.read(Register.STATUS, DRIVER_OK | 0x40)
    with refused("rule 4"):
        bench.message(0)


def test_status_without_needs_reset_is_ready():
    bench = Bench().bring_up(driver_ok=False)
    bench.read(Register.STATUS, READY)
