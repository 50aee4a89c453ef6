# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""An initial root file system: a cpio archive as the kernel reads it ("newc")."""

import gzip

_REGULAR, _DIRECTORY = 0o100000, 0o040000


class Archive:
    """Collects files; :meth:`packed` is the archive.

    The layout is that of Documentation/driver-api/early-userspace/buffer-format.rst in the kernel's sources.
    """

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._folders: set[str] = set()

    def add(self, path: str, content: bytes, mode: int = 0o755) -> None:
        """Add a file and the folders above it.

        Args:
            path: without a slash in front.
            mode: permissions.
        """
        folders = path.split("/")[:-1]
        for depth in range(1, len(folders) + 1):
            folder = "/".join(folders[:depth])
            if folder not in self._folders:
                self._folders.add(folder)
                self._entry(folder, b"", _DIRECTORY | 0o755)
        self._entry(path, content, _REGULAR | mode)

    def packed(self) -> bytes:
        """The archive, compressed."""
        return gzip.compress(b"".join([*self._parts, _entry(0, "TRAILER!!!", b"", 0)]), compresslevel=1, mtime=0)

    def _entry(self, name: str, content: bytes, mode: int) -> None:
        self._parts.append(_entry(len(self._parts) + 1, name, content, mode))


def _entry(number: int, name: str, content: bytes, mode: int) -> bytes:
    encoded = name.encode() + b"\0"
    # inode, mode, uid, gid, links, mtime, size, device and its device (major, minor each), length of name, checksum
    fields = (number, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(encoded), 0)
    header = b"070701" + b"".join(b"%08X" % field for field in fields)
    return _padded(header + encoded) + _padded(content)


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)
