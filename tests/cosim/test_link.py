# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The simulation's end of the connection, against a Python end of QEMU's."""

import socket
import struct
import threading

import pytest
from cocotbext.virtio.rings import MemoryFault

from sim.cosim.guest_memory import GuestMemory
from sim.cosim.link import GuestGone, Link, Request

REQUEST, ORDER = struct.Struct("<cBxxIQ"), struct.Struct("<cxxxIQ")


class Qemu:
    """The other end."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(str(path))

    def say(self, kind: bytes, size: int = 0, offset: int = 0, value: int = 0):
        """One request."""
        self.socket.sendall(REQUEST.pack(kind, size, offset, value))

    def hear(self) -> tuple:
        """One order."""
        return ORDER.unpack(self.socket.recv(ORDER.size, socket.MSG_WAITALL))


@pytest.fixture
def ends(tmp_path):
    """Both ends, connected."""
    path = tmp_path / "device"
    found = []
    thread = threading.Thread(target=lambda: found.append(Link(path, 300)))
    thread.start()
    while not path.exists() and thread.is_alive():
        pass
    qemu = Qemu(path)
    thread.join(300)
    assert not list(tmp_path.iterdir())  # nothing is left of the socket
    yield found[0], qemu
    qemu.socket.close()
    found[0].close()


def test_requests_and_orders(ends):
    """Everything arrives, whole and in order."""
    link, qemu = ends
    assert link.request(wait=False) is None
    qemu.say(b"R", 4, 0x70)
    qemu.say(b"W", 2, 0x104, 0xBEEF)
    assert link.request(wait=True) == Request(False, 0x70, 4, 0)
    assert link.request(wait=False) == Request(True, 0x104, 2, 0xBEEF)
    link.answer(0x74726976)
    link.set_line(1)
    link.send_message(0x1_0802_0040, 80)
    link.write_memory(0x4000_1000, b"data")
    assert [qemu.hear() for _ in range(4)] == [
        (b"A", 0, 0x74726976),
        (b"I", 1, 0),
        (b"M", 80, 0x1_0802_0040),
        (b"D", 4, 0x4000_1000),
    ]
    assert qemu.socket.recv(4) == b"data"


def test_requests_wait_while_qemu_catches_up(ends):
    """A request that comes before QEMU has caught up is not lost."""
    link, qemu = ends
    qemu.say(b"R", 4, 0)
    qemu.say(b"S")
    link.synchronise()
    assert qemu.hear() == (b"S", 0, 0)
    assert link.request(wait=False) == Request(False, 0, 4, 0)


def test_farewell(ends):
    """After QEMU's good-bye nothing is asked and nothing is sent, whoever still tries."""
    link, qemu = ends
    qemu.say(b"B")
    qemu.socket.close()
    assert link.request(wait=True) is None and link.ended
    link.set_line(1)
    link.synchronise()
    assert link.request(wait=True) is None


@pytest.mark.parametrize("act", [lambda link: link.request(wait=True), lambda link: link.synchronise()])
def test_broken_connection(ends, act):
    """Without a good-bye the guest is gone, in words."""
    link, qemu = ends
    qemu.say(b"W")
    link.request(wait=True)
    qemu.socket.close()
    with pytest.raises(GuestGone, match="QEMU is gone"):
        act(link)


def test_nobody_connects(tmp_path):
    """Nor does a link wait for ever, and nothing of it is left."""
    with pytest.raises(GuestGone, match="did not connect within 0 s"):
        Link(tmp_path / "device", 0.1)
    assert not list(tmp_path.iterdir())


def test_memory(ends, tmp_path):
    """Reads see the file, writes go through QEMU, and flush() waits for it only if there was one."""
    link, qemu = ends
    file = tmp_path / "memory"
    file.write_bytes(bytes(range(256)) * 16)
    memory = GuestMemory(str(file), 0x4000_0000, link)
    assert memory.read(0x4000_0101, 3) == bytes([1, 2, 3])
    memory.flush()
    memory.write(0x4000_0101, b"x")
    assert memory.read(0x4000_0101, 1) == b"\1"
    qemu.say(b"S")
    memory.flush()
    assert [qemu.hear()[0], qemu.socket.recv(1), qemu.hear()[0]] == [b"D", b"x", b"S"]
    for address, length in ((0x3FFF_FFFF, 1), (0x4000_0FFF, 2)):
        with pytest.raises(MemoryFault, match=f"{address:#x}"):
            memory.read(address, length)
        with pytest.raises(MemoryFault):
            memory.write(address, bytes(length))
