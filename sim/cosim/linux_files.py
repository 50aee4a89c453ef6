# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The Linux guest: Debian's kernel, and an initial root file system made of busybox and kernel modules."""

import lzma
import os
import re
from dataclasses import dataclass
from pathlib import Path

from sim.cosim.archive import Archive
from sim.cosim.foreign_packages import ForeignPackages
from sim.cosim.paths import GUEST

# Driver of each device identity.
FUNCTION_MODULES = {1: "virtio_net", 2: "virtio_blk", 3: "virtio_console", 4: "virtio-rng"}
_DEPENDS = re.compile(rb"(?:^|\0)depends=([^\0]*)\0")  # in a module: the modules that it needs


@dataclass(frozen=True)
class LinuxFiles:
    """What a boot of Linux needs.

    Attributes:
        release: of the kernel, as `uname -r` says.
        folder: where its packages are unpacked.
    """

    release: str
    folder: Path

    @classmethod
    def get(cls, packages: ForeignPackages) -> "LinuxFiles":
        """Download what is not in the cache.

        Raises:
            Unavailable: it cannot be had.
        """
        release = packages.kernel_release()
        return cls(release, packages.unpacked("linux", lambda: [f"linux-image-{release}", "busybox-static"]))

    @property
    def kernel(self) -> Path:
        """The kernel's image."""
        return self.folder / "boot" / f"vmlinuz-{self.release}"

    @property
    def busybox(self) -> Path:
        """The guest's programs, in one file that needs no library."""
        return self.folder / "bin" / "busybox"

    def root_initramfs(self, transport: Path | None, functions: list[int], options: str) -> bytes:
        """An initial root file system that loads the drivers and goes on with what is on the disk; see initramfs."""
        archive = Archive()
        archive.add("init", (GUEST / "root_boot").read_bytes())
        archive.add("bin/busybox", self.busybox.read_bytes())
        transport = transport or self._module("virtio_mmio")
        names = [FUNCTION_MODULES[function] for function in functions]
        wanted = [transport, *(self._module(name) for name in names if self._has(name))]
        order: dict[Path, None] = {}
        for file in wanted:
            self._with_needed(file, order)
        for file in order:
            archive.add(f"modules/{file.name}", file.read_bytes(), 0o644)
        loaded = " ".join(file.stem for file in order)
        settings = f'TRANSPORT="{transport.stem}"\nOPTIONS="{options}"\nMODULES="{loaded}"\n'
        archive.add("settings", settings.encode(), 0o644)
        return archive.packed()

    def foreign_initramfs(self, function: int) -> bytes:
        """An initial root file system that works one device of class *function*, of which it knows nothing more."""
        archive = Archive()
        archive.add("init", (GUEST / "foreign_init").read_bytes())
        archive.add("bin/busybox", self.busybox.read_bytes())
        order: dict[Path, None] = {}
        for name in ("virtio_mmio", FUNCTION_MODULES[function]):
            if self._has(name):
                self._with_needed(self._module(name), order)
        for file in order:
            archive.add(f"modules/{file.name}", file.read_bytes(), 0o644)
        archive.add("settings", f'MODULES="{" ".join(file.stem for file in order)}"\n'.encode(), 0o644)
        return archive.packed()

    def _with_needed(self, file: Path, order: dict[Path, None]) -> None:
        """Add a module to *order*, behind those that it needs."""
        found = _DEPENDS.search(file.read_bytes())
        for name in found.group(1).decode().split(",") if found and found.group(1) else ():
            if self._has(name):
                self._with_needed(self._module(name), order)
        order[file] = None

    def initramfs(
        self,
        transport: Path | None,
        functions: list[int],
        options: str,
        notices: int = 1,
        suspends: bool = False,
    ) -> bytes:
        """An initial root file system that loads the drivers and works the devices.

        Args:
            transport: the transport driver's module; None for the kernel's own virtio_mmio.
            functions: device identities to load a driver for.
            options: of the transport driver.
            notices: how often the device tells of its one configuration change.
            suspends: the guest is to suspend itself once.
        """
        archive = Archive()
        archive.add("init", (GUEST / "init").read_bytes())
        archive.add("bin/busybox", self.busybox.read_bytes())
        modules = [FUNCTION_MODULES[function] for function in functions]
        transport = transport or self._module("virtio_mmio")
        for file in (
            transport,
            *(self._module(name) for name in ("virtio", "virtio_ring", *modules) if self._has(name)),
        ):
            archive.add(f"modules/{file.name}", file.read_bytes(), 0o644)
        settings = (
            f'TRANSPORT="{transport.stem}"\nOPTIONS="{options}"\nFUNCTIONS="{" ".join(modules)}"\nNOTICES={notices}\n'
            f"SUSPENDS={'yes' if suspends else 'no'}\n"
        )
        archive.add("settings", settings.encode(), 0o644)
        return archive.packed()

    def _has(self, name: str) -> bool:
        """Whether it is a module; otherwise the kernel has it built in."""
        return any(self._modules.rglob(f"{name}.ko*"))

    def _module(self, name: str) -> Path:
        """The file of a module, unpacked."""
        (found,) = self._modules.rglob(f"{name}.ko*")
        if found.suffix != ".xz":
            return found
        result = self.folder / "unpacked" / f"{name}.ko"
        if not result.is_file():
            result.parent.mkdir(exist_ok=True)
            unfinished = result.with_suffix(f".{os.getpid()}")
            unfinished.write_bytes(lzma.decompress(found.read_bytes()))
            unfinished.rename(result)
        return result

    @property
    def _modules(self) -> Path:
        return self.folder / "lib" / "modules" / self.release
