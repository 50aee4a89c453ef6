# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The simulation's end of the connection to QEMU; plugin/external_device.c is the other one."""

import select
import socket
import struct
from collections import deque
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

_REQUEST = struct.Struct("<cBxxIQ")  # kind, size in bytes, offset, value
_ORDER = struct.Struct("<cxxxIQ")  # kind, word, value


class GuestGone(Exception):
    """QEMU ended without a farewell."""

    TEXT = "QEMU is gone: it crashed or was killed"


class Request(NamedTuple):
    """What the guest does to a register.

    Attributes:
        write: True for a write, False for a read.
        offset: in bytes from the base of the registers.
        size: 1, 2 or 4 bytes.
        value: what is written.
    """

    write: bool
    offset: int
    size: int
    value: int


class Link:
    """Requests from the guest come in, what the device does goes out, all of it in order.

    Args:
        path: where to listen; QEMU connects to it. Nothing is left there once it has.
        patience: seconds until QEMU must have connected.

    Attributes:
        ended: QEMU has said good-bye.
    """

    def __init__(self, path: Path, patience: float) -> None:
        self.ended = False
        self._waiting: deque[Request] = deque()
        self._synchronous = True
        # Bound under another name first: once the path is there, it can be connected to.
        unfinished = path.with_suffix(".new")
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(unfinished))
            listener.listen(1)
            listener.settimeout(patience)
            unfinished.rename(path)
            try:
                self._socket, _ = listener.accept()
            except TimeoutError:
                raise GuestGone(f"QEMU did not connect within {patience:.0f} s") from None
            finally:
                path.unlink(missing_ok=True)

    def request(self, wait: bool) -> Request | None:
        """The guest's next request; None when there is none now (without *wait*), or when QEMU has :attr:`ended`.

        Raises:
            GuestGone: the connection broke.
        """
        if not self._waiting and not self.ended:
            self._take(wait)
        return self._waiting.popleft() if self._waiting else None

    def synchronise(self) -> None:
        """Wait until QEMU has carried out everything sent so far.

        Raises:
            GuestGone: the connection broke.
        """
        if self.ended:
            return
        self._send(b"S", 0, 0)
        self._synchronous = False
        while not self._synchronous and not self.ended:
            self._take(wait=True)

    def _take(self, wait: bool) -> None:
        """Take what QEMU says next, if it says anything or *wait*."""
        if not wait and not select.select([self._socket], [], [], 0)[0]:
            return
        received = b""
        while len(received) < _REQUEST.size:  # QEMU sends it whole
            try:
                more = self._socket.recv(_REQUEST.size - len(received))
            except ConnectionError:
                more = b""
            if not more:
                raise GuestGone(GuestGone.TEXT)
            received += more
        kind, size, offset, value = _REQUEST.unpack(received)
        match kind:
            case b"B":
                self.ended = True
            case b"S":
                self._synchronous = True
            case _:
                self._waiting.append(Request(kind == b"W", offset, size, value))

    def answer(self, value: int = 0) -> None:
        """Answer the request that was taken last."""
        self._send(b"A", 0, value)

    def set_line(self, level: int) -> None:
        """Drive the device's interrupt line at the guest's interrupt controller."""
        self._send(b"I", level, 0)

    def send_message(self, address: int, data: int) -> None:
        """Write 32 bits to *address*, whatever is there: the interrupt controller, if the guest's driver chose well."""
        self._send(b"M", data, address)

    def write_memory(self, address: int, data: bytes) -> None:
        """Write to the guest's memory. QEMU does it, so that code translated from there is translated again."""
        self._send(b"D", len(data), address, data)

    def close(self) -> None:
        """Hang up; QEMU, if it still runs, ends."""
        self._socket.close()

    def _send(self, kind: bytes, word: int, value: int, data: bytes = b"") -> None:
        if self.ended:
            return  # what the device still does has no one to see it
        with suppress(ConnectionError):  # request() will find out, and say so
            self._socket.sendall(_ORDER.pack(kind, word, value) + data)
