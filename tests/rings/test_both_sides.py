# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The driver's side of a queue against the device's side, which is written apart from it."""

import random

import pytest
from cocotbext.virtio.rings import RingFeature
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from tests.rings.pair import Pair, random_features

PACKED = RingFeature.RING_PACKED.mask


class Queues(RuleBasedStateMachine):
    """Any order of what a driver and a device can do; the checks are Pair's."""

    pair: Pair | None = None

    @initialize(
        seed=st.integers(0, 1 << 32),
        size=st.integers(1, 12),
        packed=st.booleans(),
        others=st.sets(st.sampled_from([bit for bit in RingFeature if bit is not RingFeature.RING_PACKED])),
    )
    def begin(self, seed, size, packed, others):
        size = size if packed else 1 << size.bit_length() - 1
        self.pair = Pair(seed, size, sum(bit.mask for bit in others) | PACKED * packed)

    @rule(publish=st.booleans())
    def add(self, publish):
        self.pair.add(publish)

    @rule(count=st.integers(1, 3))
    def publish(self, count):
        self.pair.publish(count)

    @rule()
    def take(self):
        self.pair.take()

    @rule(count=st.integers(1, 4))
    def give_back(self, count):
        self.pair.give_back(count)

    @rule()
    def collect(self):
        self.pair.collect()

    @rule()
    def wish(self):
        self.pair.wish()

    @rule()
    def look(self):
        self.pair.look()

    @precondition(lambda self: not self.pair.asleep)
    @rule()
    def stop_kicks(self):
        self.pair.stop_kicks()

    def teardown(self):
        if self.pair is not None:
            self.pair.finish()


TestQueues = Queues.TestCase
TestQueues.settings = settings(max_examples=150, stateful_step_count=50, deadline=None)


@pytest.mark.parametrize("packed", [False, True], ids=["split", "packed"])
@pytest.mark.parametrize("seed", range(12))
def test_random_steps(seed, packed):
    rng = random.Random(seed)
    size = rng.choice([1, 2, 3, 7, 16, 40]) if packed else rng.choice([1, 2, 4, 16, 64])
    pair = Pair(seed, size, random_features(rng, packed))
    for _ in range(1500):
        pair.step()
    pair.finish()
    assert pair.collected > 50


@pytest.mark.parametrize("packed", [False, pytest.param(True, marks=pytest.mark.thorough)], ids=["split", "packed"])
def test_beyond_65536_buffers(packed):
    """All positions wrap: the 16-bit indices of a split queue, and the laps of a packed one of an odd size."""
    pair = Pair(1, 257 if packed else 256, RingFeature.EVENT_IDX.mask | PACKED * packed, quiet=True)
    while pair.collected < 66_500:
        while pair.add(publish=False, most=2):
            pass
        pair.publish()
        pair.wish()
        while pair.take():
            pass
        pair.give_back(1000)
        pair.collect()
        pair.look()
    pair.finish()


@pytest.mark.parametrize(("size", "packed"), [(1, False), (1, True), (32768, False), (32768, True), (32767, True)])
def test_chain_fills_the_ring(size, packed):
    """A chain of as many descriptors as the queue has, twice, so that the second one begins in the next lap."""
    pair = Pair(2, size, PACKED * packed, quiet=True)
    for _ in range(2):
        buffer = pair.driver.add([b"abc"] * (size // 2), [4] * (size - size // 2))
        assert pair.driver.free == 0
        chain = pair.device.take()
        assert (len(chain.readable), len(chain.writable)) == (size // 2, size - size // 2)
        pair.device.give_back(chain, chain.write(0, b"x" * chain.writable_size))
        assert pair.driver.used() == [buffer] and buffer.received() == b"x" * buffer.writable_size
        assert pair.device.interrupt_wanted() and pair.device.take() is None
