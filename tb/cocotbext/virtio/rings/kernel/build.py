# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Build virtio_ring.c, unmodified, into a library."""

import subprocess
from pathlib import Path

HERE = Path(__file__).parent
NEEDED = ("drivers/virtio/virtio_ring.c", "tools/virtio", "tools/include", "include/linux", "include/uapi/linux")


class BuildFailed(Exception):
    """The compiler does not take the sources; the text has its first message."""


def build(sources: Path, library: Path, compiler: str = "cc") -> Path:
    """Compile the kernel's virtio_ring.c and the shim with the kernel's own user-space headers (tools/virtio).

    Args:
        sources: top folder of the kernel's sources; NEEDED of it is enough.
        library: file to write.
        compiler: a C compiler.

    Returns:
        The library.

    Raises:
        BuildFailed: something is missing, or does not compile.
    """
    for name in NEEDED:
        if not (sources / name).exists():
            raise BuildFailed(f"{sources} has no {name}")
    tools = sources / "tools" / "virtio"
    command = [
        *(compiler, "-shared", "-fPIC", "-O2", "-w", "-std=gnu11", "-pthread"),
        *(
            "-fno-strict-overflow",
            "-fno-strict-aliasing",
            "-fno-common",
            "-U_FORTIFY_SOURCE",
            "-DCONFIG_PHYS_ADDR_T_64BIT",
        ),
        *("-Werror=implicit-function-declaration", "-Wl,--no-undefined"),
        *("-include", HERE / "prelude.h", "-include", sources / "include/linux/kconfig.h"),
        *("-I", HERE, "-I", tools, "-I", sources / "tools/include", "-idirafter", sources / "include/uapi"),
        *("-o", library, HERE / "shim.c", HERE / "steps.c", sources / "drivers/virtio/virtio_ring.c"),
    ]
    library.parent.mkdir(parents=True, exist_ok=True)
    try:
        process = subprocess.run(list(map(str, command)), cwd=tools, capture_output=True, text=True)
    except OSError as error:
        raise BuildFailed(f"{compiler}: {error}") from None
    if process.returncode:
        lines = [line for line in process.stderr.splitlines() if "error" in line or "undefined" in line] or [
            "no message"
        ]
        raise BuildFailed(f"{compiler} does not take virtio_ring.c: {lines[0]}")
    return library
