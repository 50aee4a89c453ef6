# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Available-buffer notifications."""

import pytest
from cocotbext.virtio.model import Mismatch
from cocotbext.virtio.registers import Register

from tests.model.bench import Bench


@pytest.fixture
def bench():
    """Two ready queues after DRIVER_OK, its scan over."""
    bench = Bench().bring_up()
    bench.wait(50)
    return bench


def refused(text: str):
    return pytest.raises(Mismatch, match=f"^choice 8: .*{text}")


def test_each_write_is_a_kick(bench):
    for queue in (0, 1, 0):
        bench.write(Register.QUEUE_NOTIFY, queue)
        bench.kick(queue, queue)
    counts = bench.finish()
    assert counts.kicks == 5 and counts.kicks_written == 3  # two of DRIVER_OK


def test_kicks_may_merge(bench):
    for _ in range(3):
        bench.write(Register.QUEUE_NOTIFY, 1)
    bench.kick(1, 1)
    bench.finish()


def test_lost_kick(bench):
    bench.write(Register.QUEUE_NOTIFY, 1)
    with refused("queue 1 was notified in cycle"):
        bench.finish()


def test_kick_before_the_write_does_not_count(bench):
    bench.write(Register.QUEUE_NOTIFY, 1)
    bench.kick(1, 1)
    bench.write(Register.QUEUE_NOTIFY, 1)
    with refused("queue 1 was notified in cycle"):
        bench.finish()


@pytest.mark.parametrize("queue", [0, 2])
def test_kick_of_the_wrong_queue(bench, queue):
    bench.write(Register.QUEUE_NOTIFY, 1)
    with refused(""):
        bench.kick(queue, queue)


def test_kick_out_of_nothing(bench):
    with refused("has not notified"):
        bench.kick(0, 0)


def test_duplicated_kick(bench):
    bench.write(Register.QUEUE_NOTIFY, 1)
    bench.kick(1, 1)
    with refused("has not notified"):
        bench.kick(1, 1)


@pytest.mark.parametrize("value", [2, 0x10000, 0xFFFFFFFF])
def test_index_out_of_range_is_ignored(bench, value):
    bench.write(Register.QUEUE_NOTIFY, value)
    with refused(""):
        bench.kick(value & 1, value)


def test_not_ready_queue_is_ignored(bench):
    bench.write(Register.QUEUE_SEL, 1)
    bench.write(Register.QUEUE_READY, 0)
    bench.write(Register.QUEUE_NOTIFY, 1)
    with refused("it is not ready"):
        bench.kick(1, 1)


def test_kick_before_driver_ok_is_ignored():
    bench = Bench().bring_up(driver_ok=False)
    bench.write(Register.QUEUE_NOTIFY, 1)
    with refused(""):
        bench.kick(1, 1)


def test_driver_ok_kicks_every_ready_queue():
    bench = Bench().bring_up(driver_ok=False)
    bench.write(Register.STATUS, 0xF)
    bench.kick(1, 1)
    with refused("queue 0 was notified"):
        bench.finish()


def test_reset_withdraws_kicks(bench):
    bench.write(Register.QUEUE_NOTIFY, 1)
    bench.reset()
    with refused(""):
        bench.kick(1, 1)


@pytest.fixture
def with_data():
    """Queue 1 is ready, NOTIFICATION_DATA is negotiated, the kicks of DRIVER_OK are over."""
    bench = Bench(device_features=1 << 32 | 1 << 38)
    bench.negotiate(extra=1 << 38)
    bench.queue(1)
    bench.start()
    bench.wait(50)
    return bench


def test_notification_data(with_data):
    with_data.write(Register.QUEUE_NOTIFY, 0xABCD_0001)
    with_data.write(Register.QUEUE_NOTIFY, 0xBCDE_0001)
    with_data.kick(1, 0xBCDE_0001)
    with refused("written was|has not notified"):
        with_data.kick(1, 0xABCD_0001)  # the second word has replaced it


def test_notification_data_of_the_newest_kick_is_due(with_data):
    with_data.write(Register.QUEUE_NOTIFY, 0xABCD_0001)
    with_data.write(Register.QUEUE_NOTIFY, 0xBCDE_0001)
    with_data.kick(1, 0xABCD_0001)  # it was on its way already
    with refused("got no kick with that word"):
        with_data.finish()


def test_notification_data_that_nobody_wrote(with_data):
    with_data.write(Register.QUEUE_NOTIFY, 0xABCD_0001)
    with refused("written was 0xabcd0001"):
        with_data.kick(1, 0xABCD_0000)


@pytest.mark.parametrize("multiplier, queue, address, value", [(8, 1, 0x1008, 77), (0, 1, 0x1000, 1)])
def test_doorbells(multiplier, queue, address, value):
    bench = Bench(notify_doorbells=1, notify_multiplier=multiplier, addr_width=16)
    bench.negotiate(extra=1 << 39)
    bench.queue(queue)
    bench.read(Register.QUEUE_NOTIFY, multiplier << 16 | 0x1000)
    bench.start()
    bench.wait(50)
    bench.write(address, value)
    bench.kick(queue, value)
    bench.write(Register.QUEUE_NOTIFY, queue)
    bench.kick(queue, queue)
    bench.write(address, value, strobe=3)
    with refused(""):
        bench.kick(queue, value)


def test_doorbells_not_negotiated():
    bench = Bench(notify_doorbells=1, addr_width=16).bring_up()
    bench.read(Register.QUEUE_NOTIFY, 0)
    bench.wait(50)
    bench.write(0x1004, 1)
    with refused(""):
        bench.kick(1, 1)
