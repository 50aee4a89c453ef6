# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Linux's virtio_ring.c as the driver, a device in Python that is at work inside its barriers."""

import random
from collections.abc import Iterator

from cocotbext.virtio.rings import PackedDeviceQueue, RingFeature, SplitDeviceQueue
from cocotbext.virtio.rings.kernel import KernelQueue, KernelRings

SIZE = 16  # bytes of each part


class StaleSplit(SplitDeviceQueue):
    """Reads the driver's wish before the used index can be seen (SPLIT-14 broken)."""

    def give_back(self, chain, written):
        self.early = super()._wished(self.used + 1 & 0xFFFF, self.used)
        yield
        super().give_back(chain, written)

    def _wished(self, new, old):
        return self.early


class StalePacked(PackedDeviceQueue):
    """The same for packed queues."""

    def give_back(self, chain, written):
        position, wrap = self.used_position, self.used_wrap
        self.used_position, self.used_wrap = self._advance(position, wrap, chain.slots)
        self.early = super()._wished(chain.slots)
        self.used_position, self.used_wrap = position, wrap
        yield
        super().give_back(chain, written)

    def _wished(self, batch):
        return self.early


class SleepyMixin:
    """Goes to sleep without looking at the ring again (SPLIT-8 broken)."""

    def want_kicks(self):
        super().want_kicks()
        return False


class SleepySplit(SleepyMixin, SplitDeviceQueue):
    """Asks for kicks, and does not look again."""


class SleepyPacked(SleepyMixin, PackedDeviceQueue):
    """Asks for kicks, and does not look again."""


class Device:
    """A device in small steps; between two of them the driver may have done anything.

    Attributes:
        asleep: it waits for a kick.
        interrupted: it has told the driver.
        served: buffers given back.
    """

    def __init__(self, queue, batch: int = 1):
        self.queue = queue
        self.asleep = False
        self.interrupted = False
        self.served = 0
        self._batch = batch
        self._program = self._work()

    def step(self) -> None:
        """Let some time pass."""
        if not self.asleep:
            next(self._program)

    def kick(self) -> None:
        """The driver has written to QueueNotify."""
        self.asleep = False

    def _work(self) -> Iterator[None]:
        queue = self.queue
        while True:
            while (chain := queue.take()) is not None:
                done = [chain]
                while len(done) < self._batch and (chain := queue.take()) is not None:
                    done.append(chain)
                yield
                answers = [(chain, chain.write(0, chain.read()[::-1])) for chain in done]
                if self._batch > 1:
                    queue.give_back_all(answers)
                else:
                    yield from queue.give_back(*answers[0]) or ()
                self.served += len(done)
                yield
                if queue.interrupt_wanted():
                    self.interrupted = True
            yield
            if not queue.want_kicks():
                self.asleep = True
            yield


class Machine:
    """Linux's queue and a device on it.

    A lost interrupt shows only when the driver waits for its last buffer: any other is rescued by the next one.

    Args:
        rings: the library.
        features: of the queue.
        queue: class of the device's side; default: the right one.
        size: entries.
        depth: buffers in flight.
        batch: buffers that the device takes and gives back at once.
        every: time passes in each of so many barriers.
        shapes: (readable, writable) parts of a buffer, one of them by chance.
        pieces: buffers are made available one after the other, at times without waiting for any.

    Attributes:
        done: buffers that came back, with the right content.
        lost_interrupts: times that the driver waited for buffers which were used, and nobody told it.
        lost_kicks: times that a device slept while there were buffers for it.
    """

    def __init__(
        self,
        rings: KernelRings,
        features: int,
        queue=None,
        size: int = 64,
        depth: int = 8,
        batch: int = 1,
        every: int = 1,
        shapes=((1, 1), (2, 2), (1, 3)),
        pieces: bool = False,
        seed: int = 1,
    ):
        packed = RingFeature.RING_PACKED.within(features)
        self.rings = rings
        self.rng = random.Random(seed)
        self.driver = KernelQueue(rings, size, features)
        self._side = PackedDeviceQueue if packed else SplitDeviceQueue
        self.device = Device((queue or self._side)(rings.memory, self.driver.layout, features), batch)
        self.done = self.lost_interrupts = self.lost_kicks = 0
        self._buffers = []
        for token in range(1, depth + 1):
            place = rings.allocate(4 * SIZE)
            shape = self.rng.choice(shapes)
            cuts = [SIZE // count for count in shape]
            parts = [(place + index * cuts[0], cuts[0]) for index in range(shape[0])]
            parts += [(place + 2 * SIZE + index * cuts[1], cuts[1]) for index in range(shape[1])]
            self._buffers.append((place, token, rings_parts(parts), *shape, cuts[0] * shape[0], cuts[1] * shape[1]))
        self._free = list(self._buffers)
        self._sent: dict[int, tuple] = {}
        self._pieces = pieces
        rings.every(every)
        rings.passing = self.device.step if batch > 1 else self._pass

    def run(self, total: int) -> None:
        """Send *total* buffers and wait for all of them, the last one included."""
        target = self.done + total
        while self.done < target:
            left = target - self.done - len(self._sent)
            if self._pieces and left > 1 and len(self._free) > 1:
                self._send(1)  # the device may be falling asleep just now
                if self.rng.random() < 0.5:
                    continue
            else:
                self._send(left)
            self._wait()
        self.rings.check()
        assert not self._sent

    def close(self) -> None:
        """Take the queue away."""
        self.rings.passing = lambda: None
        for place, *_ in self._buffers:
            self.rings.library.arena_release(place)
        self.driver.close()

    def _pass(self) -> None:
        for _ in range(self.rng.randrange(4)):
            self.device.step()

    def _send(self, most: int) -> None:
        added = False
        for _ in range(min(most, len(self._free))):
            buffer = self._free.pop()
            place, token, parts, readable, writable, size, _ = buffer
            content = (self.done * 0x9E3779B97F4A7C15 + token & (1 << 64) - 1).to_bytes(8, "little") * 2
            self.rings.memory.write(place, content[:size])
            if not self.driver.add(parts, readable, writable, token):
                self._free.append(buffer)
                break
            self._sent[token] = buffer, content[:size][::-1]
            added = True
        if added and self.driver.kick():
            self.device.kick()

    def _wait(self) -> None:
        """Until an interrupt comes; if none can come any more, look all the same, and count that."""
        device = self.device
        while not device.interrupted:
            self.rings.check()
            if device.asleep:
                if self._side.want_kicks(device.queue):
                    self.lost_kicks += 1
                    device.kick()
                    continue
                self.lost_interrupts += 1
                break
            device.step()
        device.interrupted = False
        self._handler()

    def _handler(self) -> None:
        """vring_interrupt and the device driver's handler."""
        driver = self.driver
        while True:
            driver.disable_callbacks()
            while (used := driver.get()) is not None:
                token, written = used
                buffer, content = self._sent.pop(token)
                room = min(buffer[6], len(content))
                assert written == room
                assert self.rings.memory.read(buffer[0] + 2 * SIZE, room) == content[:room]
                self._free.append(buffer)
                self.done += 1
            if driver.enable_callbacks():
                return


def rings_parts(parts):
    """See KernelQueue.parts."""
    return KernelQueue.parts(parts)
