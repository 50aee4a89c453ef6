# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The guests: what each needs from this machine, boots, and is asked over its serial port."""

from pathlib import Path

from sim.cosim import host_tools
from sim.cosim.driver import driver
from sim.cosim.foreign_packages import ForeignPackages
from sim.cosim.linux_files import LinuxFiles
from sim.cosim.paths import CACHE, U_BOOT
from sim.cosim.run_plan import RunPlan
from sim.flow.configs import configurations

UBOOT, LINUX, LINUX_MSI = "uboot", "linux", "linux-msi"
GUESTS = (UBOOT, LINUX, LINUX_MSI)

UBOOT_SECTORS = 64  # that U-Boot reads
_LOAD_ADDRESS = 0x4200_0000
_PROMPT = "\n=> "
_ARGUMENTS = "console=ttyAMA0 quiet panic=-1 oops=panic rdinit=/init"


def prepare(plan: RunPlan, packages: ForeignPackages) -> tuple[list, list[tuple[str, str]]]:
    """Get what a run needs, from this machine or from Debian.

    Returns:
        QEMU's options for what it boots, and the answers for the SerialConsole.

    Raises:
        Unavailable: something cannot be had.
    """
    if plan.guest == UBOOT:
        return _uboot()
    return _linux(plan, packages)


def _uboot() -> tuple[list, list[tuple[str, str]]]:
    host_tools.need(*host_tools.MACHINE, "u-boot-qemu")
    commands = (
        "virtio scan",
        "virtio info",
        f"virtio read {_LOAD_ADDRESS:x} 0 {UBOOT_SECTORS:x}",
        f"crc32 {_LOAD_ADDRESS:x} {UBOOT_SECTORS * 512:x}",
        "poweroff",
    )
    return ["-bios", U_BOOT], [("stop autoboot", " "), *((_PROMPT, f"{command}\n") for command in commands)]


def _linux(plan: RunPlan, packages: ForeignPackages) -> tuple[list, list[tuple[str, str]]]:
    host_tools.need(*host_tools.MACHINE)
    files = LinuxFiles.get(packages)
    module = driver(files.release, packages) if plan.guest == LINUX_MSI else None
    functions = list(dict.fromkeys(configurations().by_name[name].device_id for name in plan.configurations))
    initramfs = Path(CACHE / f"initramfs-{plan.name}")
    initramfs.write_bytes(files.initramfs(module, functions, plan.options, 2 if plan.masks else 1))
    return ["-kernel", files.kernel, "-initrd", initramfs, "-append", f"{_ARGUMENTS} {plan.arguments}"], []
