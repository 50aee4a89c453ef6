# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Where QEMU and the simulations find each other: the guest's memory and a folder for sockets.

Both have names in /proc, below the descriptors of this process. These are short enough for the address of a socket, and
they end with this process, however it ends.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sim.cosim.machine_description import MEMORY_SIZE


@contextmanager
def guest_memory() -> Iterator[str]:
    """The file that is to be the guest's memory: MEMORY_SIZE bytes, all 0."""
    descriptor = os.memfd_create("guest-memory")
    try:
        os.ftruncate(descriptor, MEMORY_SIZE)
        yield _name(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def socket_folder(folder: Path) -> Iterator[Path]:
    """A short name of *folder*, which is made and removed.

    What a process that was killed has left there is removed first.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield Path(_name(descriptor))
    finally:
        os.close(descriptor)
        shutil.rmtree(folder, ignore_errors=True)


def _name(descriptor: int) -> str:
    return f"/proc/{os.getpid()}/fd/{descriptor}"
