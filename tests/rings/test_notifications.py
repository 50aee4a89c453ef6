# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Who is told of what, and when the other side can see it."""

import pytest
from cocotbext.virtio.rings import (
    EventFlags,
    Memory,
    RingFeature,
    SplitDeviceQueue,
    WatchedMemory,
    device_queue,
    driver_queue,
)

PACKED, EVENT_IDX, IN_ORDER = RingFeature.RING_PACKED.mask, RingFeature.EVENT_IDX.mask, RingFeature.IN_ORDER.mask
KINDS = pytest.mark.parametrize("kind", [0, PACKED], ids=["split", "packed"])


def both(size: int, features: int):
    """A driver and a device on one queue, in a memory that tells of each access."""
    memory = WatchedMemory(Memory())
    driver = driver_queue(memory, size, features)
    return memory, driver, device_queue(memory, driver.layout, features)


def serve(device) -> int:
    """Everything that is available; returns how many."""
    count = 0
    while (chain := device.take()) is not None:
        device.give_back(chain, chain.writable_size)
        count += 1
    return count


@KINDS
def test_event_index_kicks_once(kind):
    """Behind a wish of the device exactly one kick, at the next buffer; none until it wishes again."""
    _, driver, device = both(8, kind | EVENT_IDX)
    for _ in range(40):
        assert not device.want_kicks()
        assert not driver.kick_needed()
        driver.add([b"1"])
        assert driver.kick_needed()
        driver.add([b"2"])
        driver.add([b"3"])
        assert not driver.kick_needed()
        assert device.want_kicks()
        assert serve(device) == len(driver.used()) == 3


@KINDS
@pytest.mark.parametrize("count", [1, 2, 5])
def test_event_index_interrupts_once(kind, count):
    """An interrupt at the buffer that the driver named, no earlier and no later, in every lap."""
    _, driver, device = both(8, kind | EVENT_IDX)
    for _ in range(40):
        assert not driver.interrupt_after(count)
        for number in range(1, 7):
            driver.add(writable=[4])
            serve(device)
            assert device.interrupt_wanted() == driver.interrupt_due() == (number == count)
        assert driver.interrupt_after(6) and not driver.interrupt_after(7)
        driver.used()


@KINDS
def test_flags(kind):
    """Without event index: each side can silence the other."""
    _, driver, device = both(4, kind)
    for wanted in (True, False, False, True):
        driver.want_interrupts(wanted)
        device.want_kicks() if wanted else device.stop_kicks()
        driver.add([b"1"])
        assert driver.kick_needed() == wanted
        assert serve(device) == 1
        assert device.interrupt_wanted() == driver.interrupt_due() == wanted
        assert not device.interrupt_wanted(), "told twice"
        driver.used()


@pytest.mark.parametrize("features", [0, EVENT_IDX], ids=["flags", "event index"])
def test_wishes_that_mean_nothing(features):
    """Packed: the reserved value, and a position without EVENT_IDX, count as ENABLE; bits above are ignored."""
    for wish in (EventFlags.RESERVED, EventFlags.DESCRIPTOR, 0xFFFC):
        memory, driver, device = both(4, PACKED | features)
        memory.write(driver.layout.driver_area, (3 | int(wish) << 16).to_bytes(4, "little"))
        driver.add([b"1"])
        serve(device)
        assert device.interrupt_wanted() == (wish != EventFlags.DESCRIPTOR or not features)
    for wish, wanted in ((0xFFFE, True), (0xFFFF, False)):
        memory, driver, device = both(4, 0)
        memory.write(driver.layout.driver_area, wish.to_bytes(2, "little"))
        driver.add([b"1"])
        serve(device)
        assert device.interrupt_wanted() == wanted


@KINDS
@pytest.mark.parametrize("order", [0, IN_ORDER], ids=["any order", "in order"])
def test_a_batch_is_seen_at_once(kind, order):
    """The other side sees none of a batch, or all of it, whenever it looks."""
    memory, driver, device = both(8, kind | order)
    seen: set[int] = set()
    for _ in range(5):
        for index in range(3):
            driver.add([b"x"] * (index + 1), publish=False)
        seen.clear()
        memory.after_write.append(lambda *_: seen.add(_available(driver, device)))
        driver.publish()
        memory.after_write.clear()
        assert seen <= {0, 3} and 3 in seen
        chains = [device.take() for _ in range(3)]
        seen.clear()
        memory.after_write.append(lambda *_: seen.add(_used(driver)))
        device.give_back_all([(chain, 0) for chain in chains])
        memory.after_write.clear()
        assert seen <= {0, 3} and 3 in seen
        assert len(driver.used()) == 3


def _available(driver, device) -> int:
    """How many a device in the same state would find; all, as soon as it finds one."""
    probe = device_queue(driver.memory, driver.layout, driver.features)
    for name in ("position", "wrap", "used_position", "used_wrap", "used", "_available"):
        if hasattr(device, name):
            setattr(probe, name, getattr(device, name))
    count = 0
    while probe.take() is not None:
        count += 1
    return count


def _used(driver) -> int:
    if hasattr(driver, "_used_count"):
        return driver._used_count() - driver.seen
    return sum(len(numbers) for _, _, numbers in driver._used_elements())


@KINDS
def test_order_of_writes(kind):
    """Data first, then the element, and what makes it count last; the wish is read only when that can be seen."""
    memory, driver, device = both(4, kind | EVENT_IDX)
    buffer = driver.add(writable=[4])
    chain = device.take()
    done: list[tuple[str, int]] = []
    memory.after_write.append(lambda address, data: done.append(("write", address)))
    memory.after_read.append(lambda address, length: done.append(("read", address)))
    memory.flush = lambda: done.append(("flush", 0))
    device.give_back(chain, chain.write(0, b"1234"))
    device.interrupt_wanted()
    layout, data = driver.layout, buffer.writable[0][0]
    if kind:
        expected = [("write", data), ("write", layout.descriptor_area + 8), ("flush", 0), ("read", layout.driver_area)]
    else:
        element, index, wish = layout.device_area + 4, layout.device_area + 2, layout.driver_area + 4 + 2 * 4
        expected = [("write", data), ("write", element), ("write", index), ("flush", 0), ("read", wish)]
    assert done == expected
    done.clear()
    device.want_kicks()
    assert [kind for kind, _ in done] == ["write", "flush", "read"]


@KINDS
def test_notification_data(kind):
    """What a kick says is believed when it can be true, and costs no look at the ring; other values mean nothing."""
    features = kind | RingFeature.NOTIFICATION_DATA.mask
    memory, driver, device = both(4, features)
    assert driver.kick_value(7) == 7 | (1 << 31 if kind else 0)
    driver.add([b"1"])
    driver.add([b"2"])
    value = driver.kick_value(7)
    assert value == 7 | (2 | (1 << 15 if kind else 0)) << 16
    for stale in (0, 5, 0x7FFF, 0xFFFF, 0x8000):
        device.expect(stale)
        if not kind:
            assert device._available == 0
    device.expect(value >> 16)
    looks = []
    where = driver.layout.descriptor_area + 14 if kind else driver.layout.driver_area + 2
    memory.after_read.append(lambda address, length: looks.append(address == where and length == 2))
    assert device.take().read() == b"1"
    assert not any(looks)
    assert device.take().read() == b"2" and device.take() is None


def test_in_order_skips_only_what_is_complete():
    """A used element may stand for earlier buffers only where they were written completely (SPLIT-25)."""
    memory, driver, device = both(8, IN_ORDER)
    buffers = [driver.add(writable=[4]) for _ in range(4)]
    chains = [device.take() for _ in range(4)]
    writes = []
    memory.after_write.append(lambda address, data: writes.append((address - driver.layout.device_area, len(data))))
    device.give_back(chains[1], 4)
    assert writes == []
    device.give_back_all([(chains[3], 4), (chains[2], 1), (chains[0], 4)])
    assert writes == [(4, 8), (4 + 3 * 8, 8), (2, 2)]
    assert driver.used() == buffers and [buffer.written for buffer in buffers] == [4, 4, 1, 4]


def test_wrong_use():
    """A buffer is given back once, and to the queue that it came from."""
    _, driver, device = both(4, 0)
    driver.add([b"1"])
    chain = device.take()
    with pytest.raises(ValueError, match="not in flight"):
        SplitDeviceQueue(Memory(), driver.layout, 0).give_back(chain, 0)
    device.give_back(chain, 0)
    with pytest.raises(ValueError, match="not in flight"):
        device.give_back(chain, 0)
