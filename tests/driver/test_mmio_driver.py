# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""MmioDriver without a simulator: over bus masters of every shape, and devices that refuse."""

from types import SimpleNamespace

import pytest
from cocotbext.virtio import DeviceRefused, MmioDriver
from cocotbext.virtio.registers import Register
from cocotbext.virtio.rings import Memory, QueueLayout, driver_queue


def run(coroutine):
    """Carry a coroutine out that never waits for simulated time."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        return end.value
    raise AssertionError("it waits for a simulator")


class Words:
    """A bus of 32-bit words over a bytearray; reads can be scripted."""

    def __init__(self, base=0):
        self.base, self.bytes, self.log, self.script = base, bytearray(0x200), [], {}

    async def read(self, address):
        offset = address - self.base
        if self.script.get(offset):
            return self.script[offset].pop(0)
        return int.from_bytes(self.bytes[offset : offset + 4], "little")

    async def write(self, address, data, strobe=15):
        offset = address - self.base
        self.log.append((offset, data, strobe))
        for lane in range(4):
            if strobe >> lane & 1:
                self.bytes[offset + lane] = data >> 8 * lane & 0xFF


class Items(Words):
    """Reads come as an item with ``data``."""

    async def read(self, address):
        return SimpleNamespace(data=await super().read(address))


class Dwords:
    """The interface of cocotbext-axi: bytes, and words by name."""

    def __init__(self, base=0):
        self.words = Words(base)

    async def read(self, address, length):
        offset = address - self.words.base
        return SimpleNamespace(data=bytes(self.words.bytes[offset : offset + length]))

    async def write(self, address, data):
        offset = address - self.words.base
        self.words.log.append((offset, bytes(data)))
        self.words.bytes[offset : offset + len(data)] = data

    async def read_dword(self, address):
        return await self.words.read(address)

    async def write_dword(self, address, data):
        await self.words.write(address, data)


@pytest.mark.parametrize("kind", [Words, Items, Dwords])
@pytest.mark.parametrize("base", [0, 0xA000_0000])
def test_masters(kind, base):
    """Words, and bytes of the configuration at every alignment, over each kind of master."""
    master = kind(base)
    driver = MmioDriver(master, base)
    run(driver.write(Register.QUEUE_SEL, 0x1_2345_6789))
    assert run(driver.read(Register.QUEUE_SEL)) == 0x2345_6789
    for offset, size, value in ((0, 8, 0x1122334455667788), (8, 4, 0x99AABBCC), (14, 2, 0xDDEE), (13, 1, 0xFF)):
        run(driver.write_config(offset, value, size))
        assert run(driver.read_config(offset, size)) == value
    content = (master.words if kind is Dwords else master).bytes
    assert content[0x100:0x110] == bytes.fromhex("8877665544332211 ccbbaa99 00ff eedd")


def test_together():
    """A master that can keep writes together is asked to."""
    master, seen = Words(), []

    async def write_together(*pairs):
        seen.append(pairs)

    master.write_together = write_together
    run(MmioDriver(master).configure(3, 0x1_0000_0010, 5))
    assert [value for _, value in seen[0]] == [3, 0x10, 1, 5, 3] and not master.log


def test_changing_configuration_is_read_again():
    master = Words()
    master.script[Register.CONFIG_GENERATION] = [1, 2, 2, 2]
    master.script[0x100] = [0xAA, 0xBB]
    assert run(MmioDriver(master).read_configs((0, 4))) == [0xBB]


@pytest.mark.parametrize(
    ("register", "values", "action", "text"),
    [
        (Register.STATUS, [1] * 20, "reset", "does not read 0 in 10"),
        (Register.CONFIG_GENERATION, list(range(30)), "read_configs", "never stays"),
        (Register.QUEUE_READY, [1] * 20, "stop_queue", "does not stop"),
        (Register.MAGIC_VALUE, [1], "probe", "MagicValue reads 0x1"),
        (Register.QUEUE_READY, [1], "set_up_queue", "ready before its time"),
        (Register.QUEUE_NUM_MAX, [7], "set_up_queue", "at most 7 entries, not 8"),
    ],
)
def test_refused(register, values, action, text):
    master = Words()
    master.script[register] = values
    driver = MmioDriver(master, patience=10)
    arguments = {"stop_queue": (0,), "set_up_queue": (0, QueueLayout(8, 0, 0, 0))}.get(action, ())
    with pytest.raises(DeviceRefused, match=text):
        run(getattr(driver, action)(*arguments))


def test_placeholder():
    """DeviceID 0 is no device."""
    master = Words()
    master.bytes[0:8] = (0x74726976).to_bytes(4, "little") + (2).to_bytes(4, "little")
    with pytest.raises(DeviceRefused, match="there is no device"):
        run(MmioDriver(master).probe())


@pytest.mark.parametrize("data", [False, True])
def test_kicks(data):
    """At QueueNotify or the doorbell; with NOTIFICATION_DATA the queue's position goes along."""
    features = 1 << 38 if data else 0
    master = Words()
    driver = MmioDriver(master)
    queue = driver_queue(Memory(), 8, features)
    master.script[Register.QUEUE_NUM_MAX] = [8]
    run(driver.set_up_queue(0, queue))
    queue.add([b"1"])
    master.log.clear()
    run(driver.kick(0))
    run(driver.kick(1))
    driver.doorbells = (0x180, 8)
    run(driver.kick(0, 77))
    assert master.log == [(0x50, 1 << 16 if data else 0, 15), (0x50, 1, 15), (0x180, 77, 15)]
