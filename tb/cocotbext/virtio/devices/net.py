# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""virtio-net with any number of queue pairs (virtio 1.2, 5.1)."""

from collections import deque
from collections.abc import Callable

from cocotbext.virtio.devices.function import DeviceFunction
from cocotbext.virtio.rings.chain import DescriptorChain

HEADER_SIZE = 12  # u8 flags, u8 gso_type, le16 hdr_len, gso_size, csum_start, csum_offset, num_buffers
MAC, STATUS, MRG_RXBUF = 5, 16, 15  # feature bits
LINK_UP = 1  # in the status field of the configuration


class NetDevice(DeviceFunction):
    """A network card: what the driver sends is given to callbacks, :meth:`receive` is the wire.

    Even queues receive, odd ones transmit (5.1.2). What it offers beyond VERSION_1 is the endpoint's DEVICE_FEATURES:
    MAC (5), MRG_RXBUF (15) and STATUS (16) are supported; nothing is checksummed or segmented.

    Args:
        mac: address of the card, 6 bytes.
        link_up: first state of the link.
        loopback: every frame that is sent is received, on the queue pair that sent it.

    Attributes:
        transmitted: frames that the driver has sent, without header.
        malformed: transmit buffers shorter than a header.
        dropped: received frames that did not fit into the driver's buffer.
    """

    DEVICE_ID = 1

    def __init__(self, mac: bytes = b"\x52\x54\x00\x12\x34\x56", link_up: bool = True, loopback: bool = False) -> None:
        super().__init__(bytes(mac) + int(link_up).to_bytes(2, "little"))
        self.transmitted: list[bytes] = []
        self.malformed = 0
        self.dropped = 0
        self._loopback = loopback
        self._posted: dict[int, deque[DescriptorChain]] = {}
        self._frames: dict[int, deque[bytes]] = {}
        self._callbacks: list[Callable[[bytes], None]] = []

    def on_transmit(self, callback: Callable[[bytes], None]) -> None:
        """Call *callback* with every frame that the driver sends."""
        self._callbacks.append(callback)

    def set_link(self, up: bool) -> None:
        """Change the state of the link and tell the driver."""
        self.change_configuration(6, int(up).to_bytes(2, "little"))

    def receive(self, frame: bytes, pair: int = 0) -> None:
        """A frame arrives for a queue pair; it waits until the driver has buffers for it."""
        self._frames.setdefault(2 * pair, deque()).append(bytes(frame))
        self._deliver(2 * pair)

    def serve(self, queue: int, chain: DescriptorChain) -> int | None:
        """Send a buffer of a transmit queue; keep one of a receive queue until a frame comes."""
        if queue % 2 == 0:
            self._posted.setdefault(queue, deque()).append(chain)
            self._deliver(queue)
            return None
        data = chain.read()
        if len(data) < HEADER_SIZE:
            self.malformed += 1
            return 0
        frame = data[HEADER_SIZE:]  # flags and offsets in the header mean nothing without offloads (DEV-33)
        self.transmitted.append(frame)
        for callback in self._callbacks:
            callback(frame)
        if self._loopback:
            self.receive(frame, queue // 2)
        return 0

    def forget(self) -> None:
        """The buffers are gone, and so are frames that nobody has taken."""
        self._posted.clear()
        self._frames.clear()

    def forget_queue(self, queue: int) -> None:
        """The buffers of that queue are gone; frames wait for new ones."""
        self._posted.pop(queue, None)

    def _deliver(self, queue: int) -> None:
        posted, frames = self._posted.get(queue, deque()), self._frames.get(queue, deque())
        while posted and frames:
            needed, taken, room = HEADER_SIZE + len(frames[0]), 0, 0
            mergeable = bool(self.features >> MRG_RXBUF & 1)
            while room < needed and taken < (len(posted) if mergeable else 1):
                room += posted[taken].writable_size
                taken += 1
            if room < needed:
                if mergeable:
                    return  # more buffers may come
                frames.popleft()
                self.dropped += 1
                continue
            packet = _header(taken) + frames.popleft()
            done = []
            for chain in [posted.popleft() for _ in range(taken)]:
                written = chain.write(0, packet[: chain.writable_size])
                packet = packet[written:]
                done.append((chain, written))
            self.give_back(queue, *done)  # all together (DEV-34)


def _header(buffers: int) -> bytes:
    """No offloads: all fields are 0 but the number of buffers (DEV-31, -32)."""
    return bytes(HEADER_SIZE - 2) + buffers.to_bytes(2, "little")
