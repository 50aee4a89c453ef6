# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The guests: what each needs from this machine, boots, and is asked over its serial port."""

from dataclasses import dataclass, field
from pathlib import Path

from sim.cosim import host_tools
from sim.cosim.driver import driver
from sim.cosim.foreign_packages import ForeignPackages
from sim.cosim.linux_files import LinuxFiles
from sim.cosim.machine_device import MachineDevice
from sim.cosim.paths import CACHE, U_BOOT
from sim.cosim.plugin import interface
from sim.cosim.run_plan import RunPlan
from sim.cosim.tsc_rate import tsc_rate

UBOOT, AAVMF, LINUX, LINUX_MSI = "uboot", "aavmf", "linux", "linux-msi"
LINUX_X86, LINUX_MSI_X86 = "linux-x86", "linux-msi-x86"
# With their root file system on the first device.
LINUX_ROOT, LINUX_MSI_ROOT = "linux-root", "linux-msi-root"
LINUX_X86_ROOT, LINUX_MSI_X86_ROOT = "linux-x86-root", "linux-msi-x86-root"
ON_DISK = (LINUX_ROOT, LINUX_MSI_ROOT, LINUX_X86_ROOT, LINUX_MSI_X86_ROOT)
GUESTS = (UBOOT, AAVMF, LINUX, LINUX_MSI, LINUX_X86, LINUX_MSI_X86, *ON_DISK)
BY_MESSAGE = (LINUX_MSI, LINUX_MSI_ROOT, LINUX_MSI_X86, LINUX_MSI_X86_ROOT)  # with the MSI driver

UBOOT_SECTORS = 64  # that U-Boot reads
AAVMF_READS = ((0, 16), (0x7F0, 16))  # (first sector, sectors) that AAVMF shows
WORD = "xyzzy"  # that a guest with its root on a disk is told over its console
_LOAD_ADDRESS = 0x4200_0000
_PROMPT = "\n=> "
_SHELL = "Shell> "
_ARGUMENTS = "quiet panic=-1 oops=panic rdinit=/init"


@dataclass(frozen=True)
class Boot:
    """What a machine boots.

    Attributes:
        options: QEMU's.
        answers: for the SerialConsole on the serial port.
        busybox: the programs of a root file system that is to be on the first disk.
        typed: for the terminal of a virtio_mmio_console: pairs (prompt, answer); empty for one that echoes.
        kernel: the release of Linux; "" for other guests.
    """

    options: list
    answers: list[tuple[str, str]] = field(default_factory=list)
    busybox: Path | None = None
    typed: list[tuple[str, str]] = field(default_factory=list)
    kernel: str = ""


def prepare(plan: RunPlan, packages: ForeignPackages) -> Boot:
    """Get what a run needs, from this machine or from Debian.

    Raises:
        Unavailable: something cannot be had.
    """
    host_tools.need(*plan.machine.packages, "gcc")
    interface(plan.machine.qemu)
    if plan.guest == UBOOT:
        return _uboot()
    if plan.guest == AAVMF:
        return _aavmf(packages)
    return _linux(plan, packages)


def _uboot() -> Boot:
    host_tools.need("u-boot-qemu")
    commands = (
        "virtio scan",
        "virtio info",
        f"virtio read {_LOAD_ADDRESS:x} 0 {UBOOT_SECTORS:x}",
        f"crc32 {_LOAD_ADDRESS:x} {UBOOT_SECTORS * 512:x}",
        "poweroff",
    )
    return Boot(["-bios", U_BOOT], [("stop autoboot", " "), *((_PROMPT, f"{command}\n") for command in commands)])


def _aavmf(packages: ForeignPackages) -> Boot:
    """EDK2's firmware: its shell maps the disk and shows sectors of it. A command goes out with two line ends."""
    folder = packages.unpacked("firmware", lambda: ["qemu-efi-aarch64"])
    reads = (f"dblk blk0 {first:x} {count:x}" for first, count in AAVMF_READS)
    commands = ("map -b -r", *reads, "reset -s")
    return Boot(
        ["-bios", folder / "usr" / "share" / "qemu-efi-aarch64" / "QEMU_EFI.fd"],
        [("to skip", "\x1b"), *((_SHELL, f"{command}\r\n") for command in commands)],
    )


def _linux(plan: RunPlan, packages: ForeignPackages) -> Boot:
    arguments = [f"console={plan.machine.serial}", _ARGUMENTS, plan.machine.arguments]
    if plan.machine.needs_tsc_rate:
        arguments.append(f"tsc_early_khz={tsc_rate()}")
    files = LinuxFiles.get(packages)
    module = driver(files.release, packages) if plan.guest in BY_MESSAGE else None
    functions = [
        device for device in dict.fromkeys(MachineDevice.of(name).device_id for name in plan.configurations) if device
    ]
    initramfs = Path(CACHE / f"initramfs-{plan.name}")
    on_disk = plan.guest in ON_DISK
    if on_disk:
        host_tools.need("e2fsprogs")
        initramfs.write_bytes(files.root_initramfs(module, functions, plan.options))
    else:
        notices = 2 if plan.masks else 1
        initramfs.write_bytes(files.initramfs(module, functions, plan.options, notices, plan.suspends))
    options = [
        "-kernel",
        files.kernel,
        "-initrd",
        initramfs,
        "-append",
        " ".join(filter(None, [*arguments, plan.arguments])),
    ]
    if on_disk:
        typed = [("what is the word?", f"{WORD}\r")]
        return Boot(options, busybox=files.busybox, typed=typed, kernel=files.release)
    return Boot(options, kernel=files.release)
