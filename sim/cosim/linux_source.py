# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Sources of Debian's kernel: downloaded into the cache, as far as they are needed, never committed."""

import shutil
import subprocess
from pathlib import Path

from sim.cosim.errors import Unavailable
from sim.cosim.foreign_packages import ForeignPackages
from sim.flow.locks import exclusive

PACKAGE = "linux-source-6.1"  # of the suite that ForeignPackages knows


def linux_source(packages: ForeignPackages, names: list[str]) -> Path:
    """Top folder of the kernel's sources.

    Args:
        packages: the cache.
        names: files and folders that are needed, counted from the top.

    Raises:
        Unavailable: the package cannot be had, or does not have them.
    """
    folder = packages.unpacked(PACKAGE, lambda: [PACKAGE])
    tree, archive = folder / PACKAGE, folder / "usr" / "src" / f"{PACKAGE}.tar.xz"
    with exclusive(folder / "tree.lock"):
        missing = [name for name in names if not (tree / name).exists()]
        if missing:
            if not shutil.which("xz"):
                raise Unavailable(f"{archive.name} is to be unpacked, and there is no xz here")
            command = ["tar", "-C", folder, "-xf", archive, *(f"{PACKAGE}/{name}" for name in missing)]
            process = subprocess.run([str(word) for word in command], capture_output=True, text=True)
            if process.returncode:
                for name in missing:  # or what was unpacked in part would be taken for the whole
                    shutil.rmtree(tree / name, ignore_errors=True)
                raise Unavailable(f"{archive.name}: {(process.stderr.splitlines() or ['no message'])[0]}")
    return tree
