# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The litmus scenarios: each with what must come, and that the model refuses what must not."""

import copy

import pytest
from cocotbext.virtio.config import NO_VECTOR, used_event
from cocotbext.virtio.model import Mismatch
from cocotbext.virtio.registers import MsiCommand, Register

from tests.model.bench import DRIVER_OK, Bench

CONFIG, USED_0, USED_1 = 0, used_event(0), used_event(1)


def enabled(**config) -> Bench:
    return Bench(**config).bring_up()


def shared() -> Bench:
    return Bench(msi_sharing=1, num_vectors=4).bring_up()


def silent(bench: Bench, vector: int):
    """None is missing now, and a message of the vector would be wrong."""
    copy.deepcopy(bench).finish()
    with pytest.raises(Mismatch, match="^rule"):
        bench.message(vector)


def test_l1_mask_three_events_unmask():
    bench = enabled()
    bench.command(MsiCommand.MASK, 1)
    for _ in range(3):
        bench.event(USED_0)
        bench.wait(10)
    bench.command(MsiCommand.UNMASK, 1)
    bench.message(1)
    counts = bench.finish()
    assert counts.messages == 1 and counts.delivered == 3 and counts.held_by_mask == 3


def test_l2_mask_event_configure_unmask_uses_the_new_address():
    for pair, good in (((0x2000, 5), True), (Bench.message_of(1), False)):
        bench = enabled()
        bench.command(MsiCommand.MASK, 1)
        bench.event(USED_0)
        bench.wait(10)
        bench.configure(1, 0x2000, 5)
        bench.command(MsiCommand.UNMASK)
        if good:
            bench.message(pair=pair)
            bench.finish()
        else:
            with pytest.raises(Mismatch, match="^rule"):
                bench.message(pair=pair)


def test_l3_two_queues_on_one_masked_vector():
    bench = shared()
    bench.map_queue(1, 1)
    bench.command(MsiCommand.MASK, 1)
    bench.event(USED_0)
    bench.cycle += 1
    bench.event(USED_1)
    bench.wait()
    bench.command(MsiCommand.UNMASK, 1)
    bench.message(1)
    with pytest.raises(Mismatch, match="^rule 4"):
        bench.message(1)


def test_l4_map_away_from_a_masked_vector():
    bench = shared()
    bench.command(MsiCommand.MASK, 1)
    bench.event(USED_0)
    bench.wait()
    bench.map_queue(0, 2)
    bench.message(2)
    assert bench.finish().delivered == 1


def test_l5_no_vector_is_silence():
    bench = enabled()
    bench.map_queue(0, NO_VECTOR)
    bench.event(USED_0)
    bench.wait()
    bench.read(Register.INTERRUPT_STATUS, 0)
    silent(bench, 1)


def test_l6_enable_event_disable_event():
    bench = enabled()
    bench.event(USED_0)
    bench.message(1)
    bench.command(MsiCommand.DISABLE)
    bench.event(USED_0)
    bench.wait(3)
    bench.line(1)
    bench.read(Register.INTERRUPT_STATUS, 1)
    counts = bench.finish()
    assert counts.messages == 1 and counts.still_pending == 1


def test_l7_unacknowledged_event_and_enable():
    bench = Bench().bring_up(enable=False)
    bench.event(USED_0)
    bench.wait(3)
    bench.line(1)
    bench.wait(10)
    bench.command(MsiCommand.ENABLE)
    bench.line(0)
    bench.read(Register.INTERRUPT_STATUS, 0)
    bench.message(1)
    bench.message(2)
    bench.finish()


@pytest.mark.parametrize("selector", [3, NO_VECTOR, 1 << 16, 0x101])
def test_l8_vector_out_of_range_is_inert(selector):
    bench = enabled()
    bench.configure(selector, 0x2000, 5)
    bench.command(MsiCommand.MASK)
    bench.read(Register.MSI_VEC_STATE, 0x0002_0000)
    for vector in range(3):
        bench.select(vector)
        bench.read(Register.MSI_VEC_STATE, 0x0002_0004)
    bench.event(USED_0)
    bench.message(1)
    bench.finish()


def test_l9_reset_during_mask_and_pending():
    bench = enabled()
    bench.command(MsiCommand.MASK, 1)
    bench.event(USED_0)
    bench.wait()
    bench.reset()
    bench.bring_up()
    bench.command(MsiCommand.UNMASK, 1)
    silent(bench, 1)


def test_l10_teardown_after_reset_then_stock_driver():
    bench = enabled()
    bench.reset()
    bench.configure(1, 0, 0)
    bench.command(MsiCommand.ENABLE)
    bench.read(Register.MSI_STATE, 0)
    bench.negotiate(msi=False)
    bench.queue(0)
    bench.start()
    bench.event(USED_0)
    bench.wait(3)
    bench.line(1)
    bench.read(Register.INTERRUPT_STATUS, 1)
    bench.finish()


def test_l11_configure_with_events_old_or_new():
    for pair in (Bench.message_of(1), (0x2000, 5)):
        bench = enabled()
        bench.stage(1, 0x2000, 5)
        bench.event(USED_0)
        bench.accept(Register.MSI_CMD, MsiCommand.CONFIGURE)
        bench.message(pair=pair)
        bench.respond()
        bench.finish()


def test_l12_enable_before_driver_ok():
    bench = Bench().bring_up(driver_ok=False)
    bench.write(Register.QUEUE_NOTIFY, 0)
    bench.event(USED_0)
    bench.wait()
    bench.start()
    bench.message(1)
    bench.finish()


def test_l13_interrupt_status_and_ack_while_enabled():
    bench = enabled()
    bench.read(Register.INTERRUPT_STATUS, 0)
    bench.write(Register.INTERRUPT_ACK, 3)
    bench.read(Register.STATUS, DRIVER_OK)
    bench.finish()


def test_l14_vectors_start_unmasked():
    bench = enabled()
    bench.command(MsiCommand.UNMASK, 0)
    bench.event(USED_1)
    bench.message(2)
    bench.finish()


def test_l15_configuration_change_while_vector_0_is_masked():
    bench = enabled()
    bench.command(MsiCommand.MASK, 0)
    bench.event(CONFIG)
    bench.wait()
    bench.command(MsiCommand.UNMASK, 0)
    bench.message(0)
    silent(bench, 0)
