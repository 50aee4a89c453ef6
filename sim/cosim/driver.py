# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Builds the MSI driver for Debian's kernels."""

import hashlib
from pathlib import Path

from sim.cosim import host_tools
from sim.cosim.errors import Unavailable
from sim.cosim.foreign_packages import AMD64, ARM64, ForeignPackages
from sim.cosim.paths import CACHE, LINUX
from sim.flow import processes, tools
from sim.flow.errors import FlowError
from sim.flow.locks import exclusive
from sim.flow.paths import ROOT

NAME = "virtio_mmio_msi"
_HEADER = ROOT / "sw" / "include" / "virtio_mmio_msi.h"
_TIMEOUT = 300  # seconds
# Debian's name of an architecture -> (the kernel's name, the compiler's package, the prefix of its programs)
_COMPILERS = {
    ARM64: ("arm64", "gcc-aarch64-linux-gnu", "aarch64-linux-gnu-"),
    AMD64: ("x86", "gcc-x86-64-linux-gnu", "x86_64-linux-gnu-"),
}


def driver(release: str, packages: ForeignPackages) -> Path:
    """The module for the kernel *release*, built unless it is there.

    Args:
        release: as `uname -r` says.
        packages: of the kernel's architecture.

    Raises:
        Unavailable: headers or compiler cannot be had.
        FlowError: it does not compile; the text has the first error.
    """
    architecture, compiler, prefix = _COMPILERS[packages.architecture]
    host_tools.need(compiler)
    headers = _headers(release, packages)
    sources = [LINUX / f"{NAME}.c", LINUX / "Makefile", _HEADER]
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in sources) + release.encode()).hexdigest()[:12]
    folder = CACHE / f"driver-{digest}"
    result = folder / f"{NAME}.ko"
    with exclusive(CACHE / "driver.lock"):
        if not result.is_file():
            folder.mkdir(parents=True, exist_ok=True)
            log = CACHE / "driver.log"
            command = [
                "make",
                "-C",
                LINUX,
                f"KDIR={headers}",
                f"MO={folder}",
                f"ARCH={architecture}",
                f"CROSS_COMPILE={prefix}",
                f"CC={prefix}gcc",
                "CONFIG_DEBUG_INFO_BTF_MODULES=",  # it would need the kernel with its symbols
            ]
            if processes.run(command, log, LINUX, tools.environment(), _TIMEOUT):
                lines = log.read_text(errors="replace").splitlines()
                error = next((line for line in lines if "error" in line.lower()), (lines or ["no message"])[-1])
                raise FlowError(f"building the driver failed: {error} (all of it in {log})")
    return result


def _headers(release: str, packages: ForeignPackages) -> Path:
    """The unpacked headers of the kernel, with the tools of this machine's architecture that they call."""
    common = release.removesuffix(f"-cloud-{packages.architecture}") + "-common"
    headers = f"linux-headers-{release}"

    def needed() -> list[str]:
        tools = packages.dependency(headers, "linux-kbuild-")
        return [headers, f"linux-headers-{common}", f"{tools}:{packages.native()}"]

    folder = packages.unpacked("headers", needed)
    build = folder / "usr" / "src" / f"linux-headers-{release}"
    if not (build / "Makefile").is_file():
        raise Unavailable(f"the packages of {release} hold no {build.name}; remove {folder} and try again")
    # Its only line includes the common Makefile by the path where the package would be installed.
    (build / "Makefile").write_text(f"include {folder.resolve()}/usr/src/linux-headers-{common}/Makefile\n")
    return build
