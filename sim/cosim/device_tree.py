# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The machine's device tree: QEMU's own, with our devices in place of its virtio-mmio transports."""

import re
import subprocess
from pathlib import Path

from sim.cosim.mmio_window import MmioWindow
from sim.flow.errors import FlowError

_MSI_CONTROLLER = "/intc@8000000/v2m@8020000"
_LEVEL_HIGH = 4


def make_device_tree(machine: list[str], windows: list[MmioWindow], directory: Path) -> Path:
    """Write the tree into *directory* and return its file.

    Args:
        machine: QEMU's command line of the machine, without anything that starts it.
        windows: our devices.

    Raises:
        FlowError: QEMU or the compiler refused.
    """
    plain, source, result = directory / "qemu.dtb", directory / "machine.dts", directory / "machine.dtb"
    _run([*machine, "-machine", f"dumpdtb={plain}"])
    text = _run(["dtc", "-q", "-I", "dtb", "-O", "dts", plain])
    text = re.sub(r"\n\tvirtio_mmio@\w+ \{.*?\n\t\};\n", "", text, flags=re.DOTALL)
    source.write_text(text + "\n/ {\n" + "".join(map(_node, windows)) + "};\n")
    _run(["dtc", "-q", "-I", "dts", "-O", "dtb", "-o", result, source])
    return result


def _node(window: MmioWindow) -> str:
    """Stock kernels know it as virtio,mmio with its line; the MSI driver takes it by its other name."""
    return f"""
\tvirtio_mmio@{window.address:x} {{
\t\tcompatible = "virtio,mmio-msi", "virtio,mmio";
\t\treg = <0 {window.address:#x} 0 {window.size:#x}>;
\t\tinterrupts = <0 {window.interrupt} {_LEVEL_HIGH}>;
\t\tmsi-parent = <&{{{_MSI_CONTROLLER}}}>;
\t\tdma-coherent;
\t}};
"""


def _run(command: list) -> str:
    process = subprocess.run([str(word) for word in command], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if process.returncode:
        raise FlowError(f"{command[0]} failed: {(process.stderr.strip().splitlines() or ['no message'])[-1]}")
    return process.stdout
