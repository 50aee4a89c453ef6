# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Device functions in Python behind queues, asked and judged by the driver's side."""

import random

import pytest
from cocotbext.virtio import BlockDevice, ConsoleDevice, EntropyDevice, NetDevice, QueueServer
from cocotbext.virtio.devices.console import RECEIVE, TRANSMIT
from cocotbext.virtio.devices.net import MRG_RXBUF
from cocotbext.virtio.driver.device_requests import BlockRequests, ConsoleRequests, EntropyRequests, NetRequests
from cocotbext.virtio.rings import Memory, Placement, QueueFull, RingFeature, driver_queue

FEATURES = pytest.mark.parametrize(
    "features",
    [0, 1 << 28 | 1 << 29, 1 << 34, 1 << 34 | 1 << 28 | 1 << 29 | 1 << 35],
    ids=["split", "split all", "packed", "packed all"],
)


class Machine:
    """A device function, its queues, and the driver's side of them."""

    def __init__(self, function, features: int, queues: int = 1, size: int = 16, seed: int = 1):
        self.rng = random.Random(seed)
        self.memory = Memory()
        self.interrupts: list[int] = []
        self.function = function
        self.server = QueueServer(function, self.memory, self.interrupts.append)
        self.server.start(features)
        place = Placement(self.memory, 0x1_0000_0000, 1 << 22, self.rng, gap=30)
        self.queues = []
        for number in range(queues):
            queue = driver_queue(self.memory, size, features, placement=place, rng=self.rng)
            self.queues.append(queue)
            self.server.open(number, queue.layout)
            self.server.run(number)

    def ask(self, request, queue: int = 0) -> None:
        """Add a request, cut anyhow."""
        ring = self.queues[queue]
        indirect = ring.indirect and self.rng.random() < 0.5
        request.add_to(ring, self.rng, 6, indirect)
        if ring.kick_needed():
            self.server.run(queue)

    def collect(self, maker, queue: int = 0) -> int:
        """Judge what has come back; returns how many."""
        used = self.queues[queue].used()
        for buffer in used:
            maker.judge(buffer)
        return len(used)


@FEATURES
def test_disk(features):
    """Random requests, and those that must be refused; what is on the disk at the end is what was written."""
    image = random.Random(7).randbytes(40 * 512)
    disk, requests = BlockDevice(image, b"name"), BlockRequests(image)
    machine = Machine(disk, features)
    for _ in range(300):
        machine.ask(requests.random(machine.rng))
        machine.collect(requests)
    for request in (requests.get_id(b"name"), requests.unknown(), requests.read(39, 2), requests.write(40, bytes(512))):
        machine.ask(request)
        machine.collect(requests)
    assert requests.judged == 304 == disk.requests and not requests.findings
    for sector in range(40):
        machine.ask(requests.read(sector))
        machine.collect(requests)
    assert not requests.findings


class WrongDisk(BlockDevice):
    """A disk with one fault."""

    def __init__(self, image, fault):
        super().__init__(image)
        self.fault = fault

    def serve(self, queue, chain):
        written = super().serve(queue, chain)
        if self.fault == "length":
            return max(0, written - 1)
        if self.fault == "data" and written > 500:
            chain.write(written - 3, b"!")
        elif self.fault == "status":
            chain.write(chain.writable_size - 1, b"\1")
        elif self.fault == "readable":
            address, _ = chain.readable[0]
            chain._memory.write(address, b"\x77")
        elif self.fault == "lost write" and chain.readable_size > 512:
            self.data[:] = bytes(len(self.data))
        return written


@pytest.mark.parametrize("fault", ["length", "data", "status", "readable", "lost write"])
def test_wrong_disks_are_found(fault):
    image = random.Random(7).randbytes(8 * 512)
    requests = BlockRequests(image)
    machine = Machine(WrongDisk(image, fault), 0)
    for request in (requests.read(1), requests.write(2, b"\1" * 512), requests.read(2)):
        machine.ask(request)
        machine.collect(requests)
    assert requests.findings, fault


def test_requests_in_flight_together():
    """Writes and reads of one sector at the same time may be carried out in any order, and only in some order."""
    a, b, old = b"a" * 512, b"b" * 512, b"o" * 512

    def answers(*order):
        requests = BlockRequests(old)
        made = {"A": requests.write(0, a), "B": requests.write(0, b), "R": requests.read(0)}
        for name, data in order:
            found = made[name].verdict(data + b"\0", len(data) + 1)
            if found:
                return found
        return requests.read(0).verdict

    for seen in (a, b, old):
        assert callable(answers(("A", b""), ("R", seen), ("B", b"")))
    assert not callable(answers(("R", b"x" * 512)))
    last = answers(("A", b""), ("B", b""), ("R", a))
    assert not last(a + b"\0", 513)
    last = answers(("B", b""), ("A", b""), ("R", b))
    assert last(old + b"\0", 513)


def test_read_only_disk():
    image = bytes(2 * 512)
    disk, requests = BlockDevice(image, read_only=True), BlockRequests(image, read_only=True)
    machine = Machine(disk, 0)
    machine.ask(requests.write(0, b"x" * 512))
    machine.ask(requests.read(0))
    machine.collect(requests)
    assert requests.judged == 2 and not requests.findings and disk.data == image


@FEATURES
def test_entropy(features):
    requests = EntropyRequests()
    machine = Machine(EntropyDevice(random.Random(3)), features)
    for size in (1, 16, 64, 64, 200):
        machine.ask(requests.fill(size))
        machine.collect(requests)
    assert requests.judged == 5 and not requests.findings
    assert requests.fill(16).verdict(bytes(16), 16) and requests.fill(4).verdict(bytes(4), 0)


@FEATURES
def test_console(features):
    console, requests = ConsoleDevice(), ConsoleRequests()
    machine = Machine(console, features, queues=2)
    console.on_output(lambda data: console.type(data[::-1]))
    expected = b""
    for index in range(30):
        data = machine.rng.randbytes(machine.rng.randint(1, 40))
        expected += data[::-1]
        machine.ask(requests.send(data), TRANSMIT)
        machine.collect(requests, TRANSMIT)
        while len(requests.received) < len(expected):
            machine.ask(requests.receive(machine.rng.randint(1, 20)), RECEIVE)
            machine.collect(requests, RECEIVE)
        assert requests.received == expected, index
    assert console.output == requests.sent and not requests.findings and set(machine.interrupts) <= {0, 1}


@FEATURES
@pytest.mark.parametrize("mergeable", [False, True])
def test_net_loopback(features, mergeable):
    features |= mergeable << MRG_RXBUF
    card, requests = NetDevice(loopback=True), NetRequests(mergeable)
    machine = Machine(card, features, queues=2)
    sent = []
    for _ in range(40):
        frame = machine.rng.randbytes(machine.rng.randint(14, 300))
        sent.append(frame)
        while True:
            try:
                machine.ask(requests.receive(100 if mergeable else 320), 0)
            except QueueFull:
                break
        machine.ask(requests.send(frame), 1)
        machine.collect(requests, 1)
        machine.collect(requests, 0)
    assert not requests.expect(sent) and not requests.findings and card.transmitted == sent and not card.dropped
    machine.ask(requests.send(b"x" * 400), 1)
    machine.collect(requests, 0)
    assert card.dropped == (not mergeable)
    assert requests.expect([b"other"])


def test_net_complaints():
    """Short buffers are used with length 0; a header with flags, or of a wrong count, is found."""
    card, requests = NetDevice(), NetRequests()
    machine = Machine(card, 0, queues=2)
    machine.ask(requests.send(b"", header=bytes(5)), 1)
    assert machine.collect(requests, 1) == 1 and card.malformed == 1 and not requests.findings
    header = bytes(10) + b"\1\0"
    verdict = requests.receive(100).verdict
    assert not verdict(header + bytes(88), 50)
    assert verdict(b"\1" + header[1:] + bytes(88), 50) and verdict(bytes(100), 50) and verdict(header, 11)
    assert verdict(header[:10] + b"\2\0" + bytes(88), 100)


def test_changes_of_configuration():
    """A function tells of its changes; the configuration is what the driver reads."""
    changed = []
    for function, change, offset, data in (
        (BlockDevice(bytes(512)), lambda disk: disk.grow(bytes(1024)), 0, b"\3" + bytes(7)),
        (NetDevice(), lambda card: card.set_link(False), 6, b"\0\0"),
        (ConsoleDevice(), lambda console: console.resize(132, 50), 0, b"\x84\0\x32\0"),
    ):
        function.on_configuration(lambda *what: changed.append(what))
        change(function)
        assert changed.pop() == (offset, data) and function.configuration[offset : offset + len(data)] == data


def test_reset_forgets():
    """Buffers of an earlier life are not used, and features are gone."""
    console = ConsoleDevice()
    machine = Machine(console, RingFeature.EVENT_IDX.mask, queues=2)
    machine.ask(ConsoleRequests().receive(4), RECEIVE)
    machine.server.reset()
    console.type(b"late")
    assert not machine.queues[RECEIVE].used() and console.features == 0


def test_emergency_output():
    """A write that covers emerg_wr prints its low byte; others print nothing."""
    console, heard = ConsoleDevice(), []
    console.on_output(heard.append)
    for offset, data in ((8, b"!\0\0\0"), (8, b"?"), (4, b"abcd"), (9, b"x"), (4, b"abcdz")):
        console.driver_wrote(offset, data)
    assert console.output == b"!?z" and heard == [b"!", b"?", b"z"]
