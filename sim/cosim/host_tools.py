# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Programs of this machine: Debian packages that only the co-simulation needs."""

import os
import shutil
from collections.abc import Iterable

from sim import bootstrap
from sim.cosim.errors import Unavailable
from sim.cosim.paths import U_BOOT
from sim.flow.locks import exclusive
from sim.flow.paths import BUILD

_PACKAGES = {  # Debian package -> what tells that it is there
    "qemu-system-arm": "qemu-system-aarch64",
    "qemu-system-x86": "qemu-system-x86_64",
    "device-tree-compiler": "dtc",
    "e2fsprogs": "/usr/sbin/mke2fs",
    "gcc": "gcc",
    "u-boot-qemu": U_BOOT,
    "gcc-aarch64-linux-gnu": "aarch64-linux-gnu-gcc",
    "gcc-x86-64-linux-gnu": "x86_64-linux-gnu-gcc",  # on amd64 it comes with gcc
}


def need(*packages: str) -> None:
    """Install what is missing of *packages*, where that may be done.

    Raises:
        Unavailable: something is still missing.
    """
    missing = _missing(packages)
    if missing:
        with exclusive(BUILD / "setup.lock"):
            missing = _missing(packages)
            if missing:
                bootstrap.install_packages(missing)
        missing = _missing(packages)
    if missing:
        raise Unavailable(f"missing Debian packages; install them with: sudo apt-get install {' '.join(missing)}")


def _missing(packages: Iterable[str]) -> list[str]:
    def there(sign: str) -> bool:
        return os.path.exists(sign) if "/" in sign else shutil.which(sign) is not None

    return [package for package in packages if not there(_PACKAGES[package])]
