# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Every hostile case gives its code, and nothing that a driver writes makes the device's side fail otherwise."""

import contextlib
import random

import pytest
from cocotbext.virtio.rings import (
    FaultCode,
    Memory,
    MemoryFault,
    Placement,
    RingFault,
    RingFeature,
    WatchedMemory,
    device_queue,
    driver_queue,
)
from cocotbext.virtio.rings.hostile import CATALOGUE, Surroundings, Trap, changes, hostile_layouts
from hypothesis import given, settings
from hypothesis import strategies as st

PACKED, INDIRECT = RingFeature.RING_PACKED.mask, RingFeature.INDIRECT_DESC.mask
BASE, SPACE = 0x4000_0000, 1 << 22
AROUND = Surroundings(address_bits=40, hole=0x10)
SIZES = {0: (1, 2, 8, 128), PACKED: (1, 2, 7, 129)}


class Rings:
    """Both sides of a queue that has worked for a while."""

    def __init__(self, size: int, features: int, seed: int, buffers: int = 0):
        self.rng = rng = random.Random(seed)
        self.memory = WatchedMemory(Memory((BASE, SPACE)))
        placement = Placement(self.memory, BASE, SPACE, rng)
        self.driver = driver_queue(self.memory, size, features, placement=placement, rng=rng)
        self.device = device_queue(self.memory, self.driver.layout, features, address_bits=AROUND.address_bits)
        for _ in range(buffers):
            self.driver.add([b"good"] * rng.randint(1, min(size, 3)))
            self.serve()
            self.driver.used()

    def serve(self) -> int:
        """Serve all; returns how many buffers there were."""
        count = 0
        while (chain := self.device.take()) is not None:
            chain.read()
            self.device.give_back(chain, chain.write(0, bytes(chain.writable_size)))
            count += 1
        return count


@pytest.mark.parametrize("case", CATALOGUE, ids=lambda case: case.name)
def test_catalogue(case):
    """Each case on split and packed queues of all sizes, fresh and after some laps."""
    tried = 0
    for kind, sizes in SIZES.items():
        for size in sizes:
            for features in (kind, kind | INDIRECT):
                for seed, buffers in enumerate((0, 3, size + 1)):
                    rings = Rings(size, features, seed, buffers)
                    if not case.fits(rings.driver, AROUND):
                        continue
                    tried += 1
                    case.apply(rings.driver, rings.rng, AROUND)
                    if case.code is None:
                        assert rings.serve() >= 1
                        continue
                    with pytest.raises(RingFault) as fault:
                        rings.serve()
                    assert fault.value.code == case.code, fault.value
                    position = rings.device.position
                    with pytest.raises(RingFault):
                        rings.device.take()
                    assert rings.device.position == position
    assert tried >= 6


@pytest.mark.parametrize("kind", [0, PACKED], ids=["split", "packed"])
@pytest.mark.parametrize("size", [1, 16])
def test_layouts(kind, size):
    """A layout with one wrong number is refused when the queue starts."""
    good = Rings(size, kind, 1).driver.layout
    device_queue(Memory(), good, kind, address_bits=40)
    found = set()
    for bad in hostile_layouts(good, bool(kind), 40):
        with pytest.raises(RingFault) as fault:
            device_queue(Memory(), bad.layout, kind, address_bits=40)
        assert fault.value.code == bad.code, bad.name
        found.add(bad.code)
    assert FaultCode.ALIGNMENT in found and (size == 1 or FaultCode.ADDRESS in found)


def test_every_code_has_a_case():
    """The catalogue covers all fault codes; 11 is the layouts'."""
    assert {case.code for case in CATALOGUE} | {FaultCode.ALIGNMENT} == {*FaultCode, None}


@pytest.mark.parametrize("kind", [0, PACKED], ids=["split", "packed"])
@pytest.mark.parametrize("area", [1, 2, 3])
def test_rings_where_there_is_no_memory(kind, area):
    """Every access to a ring that the memory refuses is fault 10."""
    rings = Rings(4, kind | RingFeature.EVENT_IDX.mask, 1)
    rings.driver.add([b"good"])
    layout = list(rings.driver.layout)
    layout[area] = 0x10
    device = device_queue(rings.memory, type(rings.driver.layout)(*layout), kind | RingFeature.EVENT_IDX.mask)
    with pytest.raises(RingFault) as fault:
        device.give_back(device.take(), 0)
        device.interrupt_wanted()
        device.want_kicks()
    assert fault.value.code == FaultCode.RING_ACCESS


@pytest.mark.parametrize("kind", [0, PACKED], ids=["split", "packed"])
@pytest.mark.parametrize("indirect", [False, True], ids=["direct", "indirect"])
@pytest.mark.parametrize("looks", [1, 2])
def test_changed_between_looks(kind, indirect, looks):
    """A device that looks once is not fooled: it never touches what the driver names later."""
    victim = 0x7000_0000  # no memory there: an access raises MemoryFault
    count = len(changes_of(kind, indirect, victim)[1])
    for index in range(count):
        rings, found = changes_of(kind, indirect, victim)
        trap = Trap(rings.memory, found[index], looks)
        try:
            chain = rings.device.take()
        except RingFault:
            assert looks < trap.seen, found[index].name  # it looked again, and saw the change
        else:
            if chain is not None:
                rings.device.give_back(chain, chain.write(0, b"12345678"))
                assert b"".join([chain.read()]) is not None
        trap.remove()
    assert count > 10


def changes_of(kind, indirect, victim):
    """A fresh buffer, and all changes to it."""
    rings = Rings(8, kind | INDIRECT, 3)
    buffer = rings.driver.add([b"first", b"second"], [8], indirect)
    return rings, changes(rings.driver, buffer, victim)


@settings(max_examples=300, deadline=None)
@given(
    seed=st.integers(0, 1 << 32),
    kind=st.sampled_from([0, PACKED]),
    features=st.sampled_from([0, INDIRECT, INDIRECT | RingFeature.EVENT_IDX.mask]),
    size=st.sampled_from([1, 2, 8]),
)
def test_garbage_in_the_rings(seed, kind, features, size):
    """Any bytes in the rings, the tables and the event fields: a fault or a chain, within bounded reads."""
    rings = Rings(size, kind | features, seed, 2)
    rng, memory, layout = rings.rng, rings.memory, rings.driver.layout
    for _ in range(6):
        if rings.driver.free >= 1:
            rings.driver.add([b"x"] * rng.randint(1, rings.driver.free), indirect=bool(features) and rng.random() < 0.5)
        for _ in range(rng.randint(1, 4)):
            area, length = rng.choice([(layout[1], 16 * size), (layout[2], 4 if kind else 6 + 2 * size)])
            offset = rng.randrange(length)
            data = bytes(rng.choice([0, 1, 2, 4, 7, 0x80, 0xFF, rng.getrandbits(8)]) for _ in range(rng.randint(1, 4)))
            memory.write(area + offset, data[: length - offset])
        reads = []
        memory.after_read.append(lambda address, length: reads.append(address))  # noqa: B023
        try:
            chain = rings.device.take()
            assert len(reads) <= size + 5
            if chain is not None:
                assert len(chain.parts) <= size
                with contextlib.suppress(MemoryFault):
                    chain.read(0, 64)
                    chain.write(0, bytes(64))
                rings.device.give_back(chain, 0)
            rings.device.interrupt_wanted()
            rings.device.want_kicks()
        except RingFault:
            return
        finally:
            memory.after_read.clear()
        try:
            rings.driver.used()
        except AssertionError:
            return  # the driver has damaged its own rings
