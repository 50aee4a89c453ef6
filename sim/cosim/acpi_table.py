# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""An ACPI table (SSDT) with our devices, in the byte code of the ACPI specification, chapter 20."""

import struct
from collections.abc import Sequence

from sim.cosim.mmio_window import MmioWindow

HARDWARE_ID = "LNRO0005"  # a virtio-mmio transport

_HEADER = struct.Struct("<4sIBB6s8sI4sI")  # signature, length, revision, checksum, OEM (3 fields), compiler (2)
_CHECKSUM = 9  # its offset
_NAME, _BYTE, _DWORD, _STRING, _SCOPE, _BUFFER, _EXTENDED, _DEVICE = 0x08, 0x0A, 0x0C, 0x0D, 0x10, 0x11, 0x5B, 0x82
_ONE = 0x01
_MEMORY_32_FIXED, _EXTENDED_INTERRUPT, _END = 0x86, 0x89, 0x79  # descriptors of resources
_WRITABLE = 1
_CONSUMER_LEVEL_HIGH = 0x01  # exclusive


def acpi_table(windows: Sequence[MmioWindow]) -> bytes:
    """The table that describes *windows*, at most 256."""
    devices = b"".join(_device(index, window) for index, window in enumerate(windows))
    content = _package(bytes([_SCOPE]), b"\\_SB_" + devices)
    length = _HEADER.size + len(content)
    header = _HEADER.pack(b"SSDT", length, 2, 0, b"COSIM ", b"VIRTIO  ", 1, b"PYTH", 1)
    table = bytearray(header + content)
    table[_CHECKSUM] = -sum(table) % 256
    return bytes(table)


def _device(index: int, window: MmioWindow) -> bytes:
    resources = struct.pack("<BHBII", _MEMORY_32_FIXED, 9, _WRITABLE, window.address, window.size)
    resources += struct.pack("<BHBBI", _EXTENDED_INTERRUPT, 6, _CONSUMER_LEVEL_HIGH, 1, window.interrupt)
    resources += bytes([_END, 0])
    content = f"VM{index:02X}".encode()
    content += _named(b"_HID", bytes([_STRING]) + HARDWARE_ID.encode() + b"\0")
    content += _named(b"_UID", bytes([_BYTE, index]))
    content += _named(b"_CCA", bytes([_ONE]))  # coherent with the caches
    content += _named(b"_CRS", _package(bytes([_BUFFER]), bytes([_BYTE, len(resources)]) + resources))
    return _package(bytes([_EXTENDED, _DEVICE]), content)


def _named(name: bytes, value: bytes) -> bytes:
    return bytes([_NAME]) + name + value


def _package(operation: bytes, content: bytes) -> bytes:
    """An operation with the length of what follows it; the length counts its own bytes."""
    if len(content) + 1 < 1 << 6:
        return operation + bytes([len(content) + 1]) + content
    for more in (1, 2, 3):  # bytes behind the first, which has the number of them and four bits
        length = len(content) + 1 + more
        if length < 1 << 4 + 8 * more:
            return operation + bytes([more << 6 | length & 0xF]) + (length >> 4).to_bytes(more, "little") + content
    raise ValueError(f"{len(content)} bytes are too many for a package")
