# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What passes at the ports is counted, and marked when the guest says that it counts."""

from types import SimpleNamespace

from cocotbext.virtio.registers import Register, StatusBit
from cocotbext.virtio.transactions import DeviceReset, EventAccepted, MessagePresented

from sim.cosim.traffic import Traffic

WORKING = StatusBit.ACKNOWLEDGE | StatusBit.DRIVER | StatusBit.FEATURES_OK | StatusBit.DRIVER_OK


class Ports:
    """Monitors that say what the test tells them to."""

    def __init__(self):
        self._calls = {}
        self.write_monitor = SimpleNamespace(on_accepted=lambda call: self._calls.update(write=call))
        self.read_monitor = SimpleNamespace(on_responded=lambda call: self._calls.update(read=call))

    def observe(self, call):
        self._calls["observe"] = call

    def write(self, address, data=0):
        self._calls["write"](SimpleNamespace(address=address, data=data))

    def read(self, address):
        self._calls["read"](SimpleNamespace(address=address))

    def message(self, address):
        message = object.__new__(MessagePresented)
        for name, value in {"address": address, "data": 1}.items():
            object.__setattr__(message, name, value)
        self._calls["observe"](message)

    def say(self, kind, **fields):
        seen = object.__new__(kind)
        for name, value in fields.items():
            object.__setattr__(seen, name, value)
        self._calls["observe"](seen)


def test_a_mark_has_what_came_before_it():
    """A read of Status at work marks; one before DRIVER_OK, as drivers make them, does not."""
    ports = Ports()
    traffic = Traffic(ports)
    ports.read(Register.STATUS)
    ports.write(Register.STATUS, WORKING)
    ports.say(EventAccepted, index=0)
    ports.message(0x100)
    ports.read(Register.STATUS)
    ports.message(0x100)  # too late for the guest's count
    ports.say(DeviceReset)
    assert traffic.marks() == [[{"messages": 1, "apart": 1, "config_events": 1, "interrupt_status_reads": 0}]]
    assert traffic.counts["accesses_at_work"] == 0, "the script asks, not the driver"


def test_each_life_begins_at_nothing_but_the_line_goes_on():
    """As Linux counts: messages anew with each driver, the line's interrupts for ever."""
    ports = Ports()
    traffic = Traffic(ports)
    for _ in range(2):
        ports.write(Register.STATUS, WORKING)
        ports.read(Register.INTERRUPT_STATUS)
        ports.message(0x100)
        ports.read(Register.STATUS)
        ports.write(Register.STATUS, 0)
        ports.say(DeviceReset)
    (first,), (second,) = traffic.marks()
    assert (first["messages"], second["messages"]) == (1, 1)
    assert (first["interrupt_status_reads"], second["interrupt_status_reads"]) == (1, 2)


def test_messages_with_nothing_between_them_may_be_one_interrupt():
    """Two of one vector without an access between them; others, and those behind an access, stand apart."""
    ports = Ports()
    traffic = Traffic(ports)
    ports.write(Register.STATUS, WORKING)
    for address in (0x100, 0x100, 0x200):
        ports.message(address)
    ports.write(Register.QUEUE_NOTIFY)
    ports.message(0x100)
    ports.read(Register.STATUS)
    ((mark,),) = traffic.marks()
    assert (mark["messages"], mark["apart"]) == (4, 3)
