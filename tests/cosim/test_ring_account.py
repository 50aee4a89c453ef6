# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The account of a device that serves its rings itself: what is owed, lost, or comes without a cause."""

from types import SimpleNamespace

import pytest
from cocotbext.virtio.memory_transactions import MemoryRead, MemoryWrite
from cocotbext.virtio.registers import MsiCommand, Register
from cocotbext.virtio.transactions import EventAccepted, LineLevel, MessagePresented

from sim.cosim.ring_account import RingAccount

SIZE, DRIVER, DEVICE = 8, 0x4000_1000, 0x4000_2000
EVENT_IDX = 1 << 29
ADDRESS = 0x802_0040


class Device:
    """A device with one queue whose driver has set it up."""

    def __init__(self, features: int):
        self.clock = SimpleNamespace(cycle=100)
        self.published = []
        calls = {}
        interface = SimpleNamespace(
            clock=self.clock,
            write_monitor=SimpleNamespace(on_responded=lambda call: calls.update(register=call)),
            observe=lambda call: calls.update(observe=call),
        )
        memory = SimpleNamespace(
            on_write=lambda call: calls.update(write=call), on_read=lambda call: calls.update(read=call)
        )
        self.account, self._calls = RingAccount(interface, memory, self.published.append), calls
        for register, value in (
            (Register.DRIVER_FEATURES_SEL, 0),
            (Register.DRIVER_FEATURES, features),
            (Register.QUEUE_SEL, 0),
            (Register.QUEUE_NUM, SIZE),
            (Register.QUEUE_DRIVER_LOW, DRIVER),
            (Register.QUEUE_DEVICE_LOW, DEVICE),
            (Register.QUEUE_READY, 1),
            (Register.MSI_VEC_SEL, 1),
            (Register.MSI_ADDR_LOW, ADDRESS),
            (Register.MSI_ADDR_HIGH, 0),
            (Register.MSI_DATA, 81),
            (Register.MSI_CMD, MsiCommand.CONFIGURE),
        ):
            self.register(register, value)

    def register(self, address, data):
        self._calls["register"](SimpleNamespace(address=address, data=data))

    def wait(self, cycles=50):
        self.clock.cycle += cycles

    def use(self, index: int, wish: int, place: int):
        """The used index is answered, then the wish at *place* is read."""
        self.wait()
        data = bytes(2) + index.to_bytes(2, "little") + bytes(4)
        self._calls["write"](MemoryWrite(DEVICE, data, 0b1100, 8, self.clock.cycle - 9))
        issued = self.clock.cycle + 1
        self.wait(10)
        self._calls["read"](MemoryRead(place, 2, 8, issued, data=wish.to_bytes(2, "little")))

    def message(self, data=81):
        self.wait(5)
        now = self.clock.cycle
        self._calls["observe"](MessagePresented(now - 2, now, now, ADDRESS, data))

    def line(self, level):
        self.wait(5)
        self._calls["observe"](LineLevel(self.clock.cycle, level))

    def judged(self):
        """(lost, without cause) at the end."""
        self.wait(1000)
        self.account.finish()
        return self.account.lost, self.account.without_cause


def by_flags() -> Device:
    return Device(0)


@pytest.mark.parametrize("features, place", [(0, DRIVER), (EVENT_IDX, DRIVER + 4 + 2 * SIZE)])
def test_owed_and_told(features, place):
    """A wish makes a message due; without a wish there is none."""
    device = Device(features)
    device.use(3, 2 if features else 0, place)
    assert device.published == [EventAccepted(cycle=device.clock.cycle, index=1)]
    device.message()
    device.use(4, 9 if features else 1, place)
    assert (device.account.used, device.account.silent) == ({0: 4}, 1)
    assert device.judged() == (0, 0)


def test_lost_and_without_cause():
    """A message too few, and one too many."""
    device = by_flags()
    device.use(1, 0, DRIVER)
    assert device.judged() == (1, 0)
    device = by_flags()
    device.message()
    assert device.judged() == (0, 1)


def test_message_of_another_vector():
    """It tells of nothing that this queue owes."""
    device = by_flags()
    device.register(Register.MSI_VEC_SEL, 0)
    device.register(Register.MSI_DATA, 80)
    device.register(Register.MSI_CMD, MsiCommand.CONFIGURE)
    device.use(1, 0, DRIVER)
    device.message(80)
    assert device.judged() == (1, 1)


def test_line():
    """A line that is high covers what is used meanwhile; a rise without anything new does not pass."""
    device = by_flags()
    device.use(1, 0, DRIVER)
    device.line(1)
    device.use(2, 0, DRIVER)
    device.line(0)
    assert device.judged() == (0, 0)
    device.line(1)
    device.line(0)
    assert device.judged() == (0, 1)


def test_two_in_quick_succession():
    """One message may tell of both, or a second one may follow."""
    for messages in (1, 2):
        device = by_flags()
        device.use(1, 0, DRIVER)
        device.clock.cycle -= 55
        device.use(2, 0, DRIVER)
        for _ in range(messages):
            device.message()
        assert device.judged() == (0, 0)


def test_reset_ends_what_is_owed():
    """What was owed for long is lost, what has just been owed need not come any more."""
    device = by_flags()
    device.use(1, 0, DRIVER)
    device.register(Register.STATUS, 0)
    assert device.judged() == (0, 0)


def test_wish_read_too_early_decides_nothing():
    """A read that was issued before the used index was answered is no decision: what follows has no cause."""
    device = by_flags()
    device._calls["write"](MemoryWrite(DEVICE, bytes(2) + b"\1\0" + bytes(4), 0b1100, 8, 90))
    device._calls["read"](MemoryRead(DRIVER, 2, 8, 95, data=bytes(2)))
    device.message()
    assert device.judged() == (0, 1)


def test_what_a_log_says():
    """How far driver and device are, and what is owed; nothing once the driver has reset the device."""
    device = by_flags()
    device.use(3, 0, DRIVER)
    said = device.account.describe(lambda address, length: {(DRIVER + 2, 2): b"\5\0"}[address, length])
    assert said == "queue 0: available 5, used 3, told of 3; owed for queue 0 since cycle 160"
    device.register(Register.STATUS, 0)
    assert device.account.describe(lambda address, length: bytes(length)) == "no queue is ready"
