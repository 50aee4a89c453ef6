# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What the registers read, and what the device side shows."""

import pytest
from cocotbext.virtio.config import NO_VECTOR
from cocotbext.virtio.model import Mismatch
from cocotbext.virtio.registers import FeatureBit, MsiCommand, Register
from cocotbext.virtio.transactions import ConfigAccess, DeviceReset, GenerationInput, HardReset

from tests.model.bench import DRIVER_OK, READY, Bench

READS_AFTER_RESET = {
    Register.MAGIC_VALUE: 0x74726976,
    Register.VERSION: 2,
    Register.DEVICE_ID: 4,
    Register.VENDOR_ID: 0x4D53494F,
    Register.DEVICE_FEATURES: 0,
    Register.QUEUE_NUM_MAX: 256,
    Register.QUEUE_READY: 0,
    Register.QUEUE_NOTIFY: 0,
    Register.INTERRUPT_STATUS: 0,
    Register.STATUS: 0,
    Register.SHM_LEN_LOW: 0xFFFFFFFF,
    Register.SHM_LEN_HIGH: 0xFFFFFFFF,
    Register.SHM_BASE_LOW: 0xFFFFFFFF,
    Register.SHM_BASE_HIGH: 0xFFFFFFFF,
    Register.QUEUE_NUM: 0,
    Register.MSI_VEC_NUM: 0,
    Register.MSI_STATE: 0,
    Register.MSI_VEC_STATE: 0,
    Register.MSI_VEC_SEL: 0,
    0x0F8: 0,
    0x001: 0,
    0x0FA: 0,
}


@pytest.mark.parametrize("register, value", READS_AFTER_RESET.items())
def test_reads_after_reset(register, value):
    bench = Bench()
    bench.read(register, value)
    with pytest.raises(Mismatch, match="expected"):
        bench.read(register, value ^ 1)


def test_feature_words():
    bench = Bench(notify_doorbells=1, addr_width=16)
    for selector, value in ((0, 0), (1, 1 << 7 | 1 << 8 | 1), (2, 0), (0xFFFFFFFF, 0)):
        bench.write(Register.DEVICE_FEATURES_SEL, selector)
        bench.read(Register.DEVICE_FEATURES, value)


@pytest.mark.parametrize("features", [0, 1 << FeatureBit.MMIO_MSI, 1 << 32 | 1 << 5, 1 << 32 | 1 << 39])
def test_features_ok_refused(features):
    bench = Bench()
    for word in (0, 1):
        bench.write(Register.DRIVER_FEATURES_SEL, word)
        bench.write(Register.DRIVER_FEATURES, features >> 32 * word)
    bench.write(Register.STATUS, READY)
    bench.read(Register.STATUS, 3)
    assert bench.model.features == 0


def test_features_beyond_64_refused_until_reset():
    bench = Bench()
    bench.write(Register.DRIVER_FEATURES_SEL, 2)
    bench.write(Register.DRIVER_FEATURES, 1)
    bench.write(Register.DRIVER_FEATURES, 0)
    bench.write(Register.DRIVER_FEATURES_SEL, 1)
    bench.write(Register.DRIVER_FEATURES, 1)
    bench.write(Register.STATUS, READY)
    bench.read(Register.STATUS, 3)
    bench.reset()
    bench.negotiate()
    bench.read(Register.STATUS, READY)
    bench.model.driver_features(bench.cycle, 1 << 32 | 1 << 40)


def test_features_are_latched():
    bench = Bench()
    bench.negotiate(msi=False)
    bench.write(Register.DRIVER_FEATURES_SEL, 1)
    bench.write(Register.DRIVER_FEATURES, 0x101)
    bench.write(Register.STATUS, READY)
    bench.read(Register.MSI_VEC_NUM, 0)
    with pytest.raises(Mismatch, match="^MMIO-32"):
        bench.model.driver_features(bench.cycle, 1 << 32 | 1 << 40)


def test_msi_registers_and_moved_feature_bit():
    bench = Bench(msi_feature_bit=41, msi_sharing=1)
    bench.negotiate()
    bench.read(Register.MSI_VEC_NUM, 3)
    bench.read(Register.MSI_STATE, 0x4000_0002)
    bench.command(MsiCommand.ENABLE)
    bench.read(Register.MSI_STATE, 0xC000_0003)
    for register in (Register.MSI_VEC_SEL, Register.MSI_ADDR_LOW, Register.MSI_ADDR_HIGH, Register.MSI_DATA):
        bench.write(register, 0x1234_5678 + register)
        bench.read(register, 0x1234_5678 + register)
    bench.read(Register.MSI_CMD, 0)
    bench.read(Register.MSI_VEC_STATE, 0xFFFF_0000)


def test_no_msi_support():
    bench = Bench(msi_support=0)
    bench.negotiate(msi=False)
    for register in range(0xC0, 0xE0, 4):
        bench.write(register, 1)
        bench.read(register, 0)


@pytest.mark.parametrize(
    "queue, vector, expected", [(0, 2, 2), (1, NO_VECTOR, 0xFFFF), (1, 3, 0xFFFF), (7, 0, 0xFFFF), (0x10000, 0, 0xFFFF)]
)
def test_mapping_is_read_back(queue, vector, expected):
    bench = Bench(msi_sharing=1)
    bench.negotiate()
    bench.map_queue(queue, vector)
    bench.select(NO_VECTOR)
    bench.read(Register.MSI_VEC_STATE, expected << 16)


def test_writes_that_have_no_effect():
    bench = Bench()
    bench.negotiate()
    bench.write(Register.STATUS, 0, strobe=1)
    bench.write(Register.STATUS + 1, 0)
    bench.write(Register.MAGIC_VALUE, 0)
    bench.write(Register.MSI_VEC_NUM, 1)
    bench.write(Register.MSI_CMD, MsiCommand.ENABLE, strobe=7)
    bench.write(Register.MSI_CMD, MsiCommand.ENABLE | 0x100)
    bench.read(Register.MAGIC_VALUE, 0x74726976)
    bench.read(Register.STATUS, READY)
    bench.read(Register.MSI_STATE, 0)
    bench.read(Register.MSI_VEC_NUM, 3)


# ---------------------------------------------------------------------- queues
def test_queue_table():
    bench = Bench()
    bench.negotiate()
    bench.queue(1, 16)
    bench.write(Register.QUEUE_NUM, 32)  # frozen
    bench.write(Register.QUEUE_DESC_LOW, 1)
    bench.read(Register.QUEUE_READY, 1)
    row = bench.model.queue_lookup(1)
    assert (row.ready, row.num, row.desc) == (True, 16, 0)
    bench.write(Register.QUEUE_READY, 0)
    bench.write(Register.QUEUE_DEVICE_HIGH, 0xABCD)
    assert bench.model.queue_lookup(1).device == 0xABCD << 32
    for missing in (2, 0x10001):
        bench.write(Register.QUEUE_SEL, missing)
        bench.write(Register.QUEUE_READY, 1)
        bench.read(Register.QUEUE_READY, 0)
        bench.read(Register.QUEUE_NUM_MAX, 0)
    bench.read(Register.STATUS, READY)


@pytest.mark.parametrize("size", [0, 3, 512, 0x10008])
def test_impossible_queue_size(size):
    bench = Bench()
    bench.negotiate()
    bench.queue(0, size)
    bench.wait()
    bench.read(Register.QUEUE_READY, 0)
    bench.read(Register.STATUS, READY | 0x40)
    with pytest.raises(Mismatch, match="^choice 9"):
        bench.read(Register.STATUS, READY)


def test_packed_ring_size():
    bench = Bench(device_features=1 << 32 | 1 << 34)
    bench.negotiate(extra=1 << 34)
    bench.queue(0, 3)
    bench.read(Register.QUEUE_READY, 1)


def test_status_writes_do_not_clear_needs_reset():
    bench = Bench().bring_up(driver_ok=False)
    bench.needs_reset(1)
    bench.wait(20)
    bench.needs_reset(0)
    bench.write(Register.STATUS, READY)
    bench.read(Register.STATUS, READY | 0x40)
    bench.model.device_status(bench.cycle, READY | 0x40)
    bench.reset()
    bench.read(Register.STATUS, 0)


def test_write_in_flight_reads_old_or_new():
    for value in (DRIVER_OK, READY):
        bench = Bench().bring_up(driver_ok=False)
        bench.accept(Register.STATUS, DRIVER_OK)
        bench.read(Register.STATUS, value)
        bench.respond()


# ---------------------------------------------------------------------- the device's side
def test_config_window():
    bench = Bench(config_bytes=6)
    bench.accept(0x101, 0x12345678, strobe=0b0010)
    bench.model.config_access(ConfigAccess(bench.cycle + 1, 0, 0b0010, 0x12345678))
    bench.cycle += 2
    bench.respond()
    bench.cycle += 1
    bench.model.config_access(ConfigAccess(bench.cycle + 1, 4, 0, 0xAABBCCDD))
    bench.read(0x104, 0xCCDD)
    bench.read(0x108, 0)
    bench.write(0x108, 5)
    with pytest.raises(Mismatch, match="device gave"):
        bench.model.config_access(ConfigAccess(bench.cycle + 1, 0, 0, 1))
        bench.read(0x100, 2)


@pytest.mark.parametrize("access", [(0, 0b1111, 6), (4, 0b1111, 5), (0, 0b0111, 5)])
def test_config_write_that_arrives_wrong(access):
    bench = Bench()
    bench.accept(0x100, 5)
    with pytest.raises(Mismatch, match="^MMIO-7"):
        bench.model.config_access(ConfigAccess(bench.cycle + 1, *access))


def test_config_write_that_does_not_arrive():
    bench = Bench()
    bench.write(0x100, 5)
    with pytest.raises(Mismatch, match="did not reach the device"):
        bench.finish()


def test_config_write_out_of_nothing():
    with pytest.raises(Mismatch, match="the driver wrote nothing"):
        Bench().model.config_access(ConfigAccess(20, 0, 1, 5))


def test_config_generation():
    bench = Bench()
    bench.model.generation(GenerationInput(bench.cycle, 7))
    bench.wait(10)
    bench.read(Register.CONFIG_GENERATION, 7)
    with pytest.raises(Mismatch, match="^MMIO-56"):
        bench.read(Register.CONFIG_GENERATION, 6)


def test_reset_pulse_out_of_nothing():
    bench = Bench()
    with pytest.raises(Mismatch, match="^rule 11"):
        bench.model.device_reset(DeviceReset(bench.cycle))


def test_hard_reset_forgets_everything():
    bench = Bench().bring_up()
    bench.event(1)
    bench.accept(Register.MSI_CMD, MsiCommand.MASK)
    bench.cycle += 1
    bench.model.hard_reset(HardReset(bench.cycle))
    bench.wait(20)
    bench.read(Register.STATUS, 0)
    bench.bring_up()
    counts = bench.finish()
    assert counts.wiped == counts.accepted == 1


def test_hard_reset_lowers_the_line():
    bench = Bench().bring_up(enable=False)
    bench.event(1)
    bench.wait(3)
    bench.line(1)
    bench.wait(10)
    bench.model.hard_reset(HardReset(bench.cycle))
    bench.cycle += 1
    bench.line(0)
    bench.finish()


def test_message_in_flight_at_hard_reset_is_gone():
    bench = Bench().bring_up()
    bench.event(1)
    bench.cycle += 2
    bench.model.message_started(bench.cycle, bench.message_of(1)[0])
    bench.model.hard_reset(HardReset(bench.cycle + 1))
    bench.wait(20)
    bench.read(Register.STATUS, 0)
    bench.finish()


def test_transactions_out_of_order():
    bench = Bench()
    bench.wait(10)
    bench.read(Register.STATUS, 0)
    bench.wait(-10)
    with pytest.raises(ValueError, match="came after"):
        bench.event(0)
