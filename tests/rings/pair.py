# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""A driver and a device on one queue, step by step, with a model that knows what each may see."""

import random
from collections import deque

from cocotbext.virtio.rings import (
    Buffer,
    DescriptorChain,
    Memory,
    Placement,
    QueueFull,
    RingFeature,
    cut,
    cut_data,
    device_queue,
    driver_queue,
)

BASE, SPACE = 0xFFFF_F000, 1 << 26  # across 4 GiB


def random_features(rng: random.Random, packed: bool) -> int:
    """Any set of the features that change a queue."""
    chosen = [bit for bit in RingFeature if bit is not RingFeature.RING_PACKED and rng.random() < 0.5]
    return sum(bit.mask for bit in chosen) | RingFeature.RING_PACKED.mask * packed


class Pair:
    """Both sides of a queue in one memory; every step checks what it can.

    Args:
        seed: of all choices.
        size, features: of the queue.
        quiet: no noise in fields that mean nothing, no gaps, no odd alignment.
        promises: the device is told the driver's position, as by NOTIFICATION_DATA.
    """

    def __init__(self, seed, size: int, features: int, quiet: bool = False):
        self.rng = rng = random.Random(seed)
        self.memory = Memory((BASE, SPACE), fill=rng.choice([0, 0xFF, 0x5A]))
        self.features = features
        self.size = size
        placement = Placement(
            self.memory, BASE, SPACE, *(() if quiet else (rng, rng.choice([1, 2, 64]), rng.choice([0, 100])))
        )
        options = {"rng": None if quiet else rng, "placement": placement}
        if features & RingFeature.RING_PACKED.mask and rng.random() < 0.5:
            options["ids"] = rng.sample(range(1 << 16), size)
        self.driver = driver_queue(self.memory, size, features, **options)
        self.device = device_queue(self.memory, self.driver.layout, features)
        self.added: deque[Buffer] = deque()  # not published
        self.published: deque[Buffer] = deque()  # not taken
        self.in_flight: list[tuple[DescriptorChain, Buffer]] = []
        self.returned: dict[Buffer, tuple[int, bytes]] = {}  # what the device wrote: how many bytes, content
        self.waiting: dict[Buffer, tuple[int, bytes]] = {}  # with IN_ORDER: given back, older ones are missing
        self.taken: deque[Buffer] = deque()  # with IN_ORDER: oldest first
        self.asleep = False
        self.collected = 0

    # The driver.

    def add(self, publish: bool = True, most: int | None = None) -> bool:
        """Add a buffer of random content and shape; False if the queue is full."""
        rng, driver = self.rng, self.driver
        parts = rng.randint(1, min(most or self.size, self.size))
        readable = rng.randint(0, parts)
        data = rng.randbytes(rng.choice([0, 1, readable, 60]))
        written = rng.choice([0, 1, parts, 90])
        empty = rng.random() < 0.2
        reads = cut_data(rng, data, readable, empty) if readable else []
        writes = cut(rng, written, parts - readable, empty) if parts > readable else []
        indirect: bool | int = False
        if driver.indirect and rng.random() < 0.5:
            packed = RingFeature.RING_PACKED.within(self.features)
            indirect = True if packed or rng.random() < 0.5 or parts == 1 else rng.randrange(1, parts)
        try:
            buffer = driver.add(reads, writes, indirect, publish=False, fill=rng.choice([None, b"\xa5"]))
        except QueueFull:
            return False
        self.added.append(buffer)
        if publish:
            self.publish()
        return True

    def publish(self, count: int | None = None) -> None:
        """Make buffers available; a device that sleeps must be told of the first."""
        self.driver.publish(count)
        count = len(self.added) if count is None else min(count, len(self.added))
        for _ in range(count):
            self.published.append(self.added.popleft())
        kick = self.driver.kick_needed()
        if not count:
            assert not kick
        elif self.asleep:
            assert kick, "a device that sleeps is not told of a buffer"
            self.asleep = False
        if kick and self.driver.notification_data:
            value = self.driver.kick_value(3)
            assert value & 0xFFFF == 3
            self.device.expect(value >> 16)

    def wish(self) -> None:
        """Change the wish for interrupts."""
        if self.driver.event_idx and self.rng.random() < 0.7:
            self.driver.interrupt_after(self.rng.randint(1, self.size))
        else:
            self.driver.want_interrupts(self.rng.random() < 0.5)

    def collect(self) -> None:
        """The driver takes what is used."""
        for buffer in self.driver.used():
            written, content = self.returned.pop(buffer)
            assert buffer.written == written
            assert buffer.received(len(content)) == content
            assert not buffer.damaged()
            self.collected += 1
        assert not self.returned, "buffers that were given back are not used"

    # The device.

    def take(self) -> bool:
        """The device takes a buffer: the oldest one that is published, as the driver made it."""
        chain = self.device.take()
        if not self.published:
            assert chain is None
            return False
        assert chain is not None, "a published buffer is not available"
        buffer = self.published.popleft()
        assert chain.head == buffer.number
        assert chain.readable == [(address, len(data)) for address, data in buffer.readable]
        assert chain.writable == buffer.writable
        assert chain.read() == b"".join(data for _, data in buffer.readable)
        assert chain.slots == len(buffer.descriptors)
        self.in_flight.append((chain, buffer))
        self.taken.append(buffer)
        return True

    def give_back(self, count: int = 1) -> None:
        """The device writes into up to *count* buffers, in any order, makes them used, and decides whether to tell."""
        done = []
        for _ in range(min(count, len(self.in_flight))):
            chain, buffer = self.in_flight.pop(self.rng.randrange(len(self.in_flight)))
            written = self.rng.choice([0, self.rng.randint(0, chain.writable_size), chain.writable_size])
            content = self.rng.randbytes(written)
            assert chain.write(0, content) == written
            done.append((chain, written))
            (self.waiting if self.device.in_order else self.returned)[buffer] = written, content
        self.device.give_back_all(done)
        while self.device.in_order and self.taken and self.taken[0] in self.waiting:
            oldest = self.taken.popleft()
            self.returned[oldest] = self.waiting.pop(oldest)
        assert self.device.interrupt_wanted() == self.driver.interrupt_due()

    def look(self) -> None:
        """The device is about to sleep, and looks once more."""
        self.asleep = not self.device.want_kicks()
        assert self.asleep == (not self.published)

    def stop_kicks(self) -> None:
        """The device is awake and says so."""
        if not self.asleep:
            self.device.stop_kicks()

    def finish(self) -> None:
        """Everything comes back."""
        self.publish()
        while self.take():
            pass
        self.give_back(len(self.in_flight))
        self.collect()
        assert self.driver.free == self.size and not self.driver.outstanding and not self.device.in_flight

    def step(self) -> None:
        """One of the above, by chance."""
        rng = self.rng
        match rng.randrange(8):
            case 0 | 1:
                self.add(publish=rng.random() < 0.5)
            case 2:
                self.publish(rng.choice([None, 1, 2]))
            case 3 | 4:
                self.take()
            case 5:
                self.give_back(rng.choice([1, 2, 9]))
            case 6:
                self.collect()
            case 7:
                rng.choice([self.wish, self.look, self.stop_kicks])()
