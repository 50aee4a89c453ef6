# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0

"""Names without spaces, brackets and the like for any file: make and the makefiles of tools cannot take others."""

import atexit
import hashlib
import re
import shutil
import tempfile
import threading
from pathlib import Path

from sim.flow.errors import FlowError

_PLAIN = re.compile(r"[A-Za-z0-9_./+-]+")
_SHORT = 40  # characters; the address of a socket has at most 107 with all that follows
_guard = threading.Lock()
_folder: Path | None = None


def is_plain(path: Path) -> bool:
    """Can make and a shell take this name as it is?"""
    return bool(_PLAIN.fullmatch(str(path)))


def plain(path: Path) -> Path:
    """The path, or a symbolic link to it with a plain name, which lasts as long as this process.

    Raises:
        FlowError: there is no folder with a plain name for the link.
    """
    if is_plain(path):
        return path
    with _guard:
        name = hashlib.sha256(str(path).encode("utf-8", "surrogateescape")).hexdigest()[:12]
        link = _place() / (name + path.suffix if path.is_file() else name)
        if not link.is_symlink():
            link.symlink_to(path)
        return link


def short_folder(prefix: str) -> Path:
    """A new folder with a short and plain name, such as sockets need; the caller removes it.

    Raises:
        FlowError: there is no place for it.
    """
    for place in (tempfile.gettempdir(), "/tmp", "/var/tmp", "/dev/shm"):
        if is_plain(Path(place)) and len(place) <= _SHORT:
            try:
                return Path(tempfile.mkdtemp(prefix=prefix, dir=place))
            except OSError:
                continue
    raise FlowError("no folder for temporary files has a short name without spaces; set TMPDIR to one")


def _place() -> Path:
    global _folder
    if _folder is None:
        _folder = short_folder("virtio-")
        atexit.register(shutil.rmtree, _folder, ignore_errors=True)
    return _folder
