# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What `make cosim` runs."""

from dataclasses import replace

from sim.cosim.functions import FUNCTIONS
from sim.cosim.guests import (
    AAVMF,
    GUESTS,
    LINUX,
    LINUX_MSI,
    LINUX_MSI_ROOT,
    LINUX_MSI_X86,
    LINUX_MSI_X86_ROOT,
    LINUX_ROOT,
    LINUX_X86,
    LINUX_X86_ROOT,
    ON_DISK,
    UBOOT,
)
from sim.cosim.machine_description import MICROVM, Q35
from sim.cosim.machine_device import RTL_DEVICES, MachineDevice
from sim.cosim.run_plan import ONLY_DEVICE_MASKS, RunPlan
from sim.flow.configs import configurations
from sim.flow.errors import FlowError, unknown

PLAIN_MSI = "linux-msi-plain"
# Runs with the same load on the disk, (by line, by message), for each machine.
SAME_LOAD = {
    "ARM virt": (LINUX, PLAIN_MSI),
    "x86 microvm": (LINUX_X86, "linux-msi-x86-plain"),
    "x86 q35": ("linux-x86-q35", "linux-msi-x86-q35"),
}

THREE = ("disk", "entropy", "console")
RTL = ("rtl_disk", "rtl_rng", "rtl_console")  # devices of rtl/devices
RTL_ALL = (*RTL, "rtl_net")
RTL_DISKS = ("rtl_disk", "rtl_disk_2q")

# The first of a guest is its standard run: what CONFIG changes the devices of.
_PLANS = (
    RunPlan(UBOOT, UBOOT, ("disk",)),
    RunPlan(AAVMF, AAVMF, ("disk",)),
    RunPlan(LINUX, LINUX, THREE),
    RunPlan(LINUX_MSI, PLAIN_MSI, THREE),
    RunPlan(LINUX_MSI, "linux-msi-sharing", ("disk_2q_sharing",), cpus=2),
    RunPlan(LINUX_MSI, "linux-msi-masking", ("disk_2q",), cpus=2, options=ONLY_DEVICE_MASKS, arguments="threadirqs"),
    RunPlan(
        LINUX_MSI,
        "linux-msi-sharing-masking",
        ("disk_2q_sharing",),
        cpus=2,
        options=ONLY_DEVICE_MASKS,
        arguments="threadirqs",
    ),
    RunPlan(LINUX_MSI, "linux-msi-doorbells", ("disk_doorbells",)),
    RunPlan(LINUX_MSI, "linux-msi-too-few-vectors", ("disk_2q_2v",), cpus=2, by_message=False),
    RunPlan(LINUX_MSI, "linux-msi-gives-up", ("disk",), options="fail_at=1", by_message=False),
    RunPlan(LINUX_MSI, "linux-msi-suspend", THREE, suspends=True),
    RunPlan(LINUX, "linux-rtl-console", ("rtl_rng", "rtl_console")),
    RunPlan(LINUX, "linux-rtl", RTL),
    RunPlan(LINUX_MSI, "linux-msi-rtl", RTL),
    RunPlan(LINUX_ROOT, LINUX_ROOT, RTL_ALL),
    RunPlan(LINUX_MSI_ROOT, LINUX_MSI_ROOT, RTL_ALL),
    RunPlan(LINUX_X86, LINUX_X86, THREE, machine=MICROVM),
    RunPlan(LINUX_X86, "linux-x86-q35", THREE, machine=Q35),
    RunPlan(LINUX_MSI_X86, "linux-msi-x86-plain", THREE, machine=MICROVM),
    RunPlan(LINUX_MSI_X86, "linux-msi-x86-q35", THREE, machine=Q35),
    RunPlan(LINUX_MSI_X86, "linux-msi-x86-sharing", ("disk_2q_sharing",), cpus=2, machine=MICROVM),
    RunPlan(
        LINUX_MSI_X86,
        "linux-msi-x86-masking",
        ("disk_2q",),
        cpus=2,
        options=ONLY_DEVICE_MASKS,
        arguments="threadirqs",
        machine=MICROVM,
    ),
    RunPlan(
        LINUX_MSI_X86,
        "linux-msi-x86-sharing-masking",
        ("disk_2q_sharing",),
        cpus=2,
        options=ONLY_DEVICE_MASKS,
        arguments="threadirqs",
        machine=MICROVM,
    ),
    RunPlan(LINUX_MSI_X86, "linux-msi-x86-doorbells", ("disk_doorbells",), machine=Q35),
    RunPlan(LINUX_MSI_X86, "linux-msi-x86-too-few-vectors", ("disk_2q_2v",), cpus=2, by_message=False, machine=MICROVM),
    RunPlan(LINUX_MSI_X86, "linux-msi-x86-gives-up", ("disk",), options="fail_at=1", by_message=False, machine=MICROVM),
    RunPlan(LINUX_X86_ROOT, LINUX_X86_ROOT, RTL_DISKS[:1], machine=MICROVM),
    RunPlan(LINUX_MSI_X86_ROOT, LINUX_MSI_X86_ROOT, RTL_DISKS[:1], machine=MICROVM),
)


def plans(guest: str | None, configuration: str | None) -> list[RunPlan]:
    """The runs that GUEST, a guest or one run of it, and CONFIG mean: all without either.

    Raises:
        FlowError: a name is unknown, or a device cannot be built from a configuration.
    """
    chosen = [plan for plan in _PLANS if guest in (None, plan.guest, plan.name)]
    if guest and not chosen:
        raise unknown("guest", guest, dict.fromkeys((*GUESTS, *(plan.name for plan in _PLANS))))
    if configuration is None:
        return chosen
    names = configurations().select(configuration)
    _check(names)
    if guest is None:
        chosen = [plan for plan in chosen if plan.guest not in ON_DISK]
    elif any(plan.guest in ON_DISK for plan in chosen) and names[0] not in RTL_DISKS:
        raise FlowError(f"{guest} has its root file system on its first device: one of {', '.join(RTL_DISKS)}")
    first = {plan.guest: plan for plan in reversed(chosen)}
    return [replace(plan, configurations=tuple(names), by_message=None) for plan in reversed(first.values())]


def _check(names: list[str]) -> None:
    if len(set(names)) < len(names):
        raise FlowError(f"CONFIG={','.join(names)} names a device twice")
    for name in names:
        device = MachineDevice.of(name)
        if device.rtl and device.device_id is None:
            tops = ", ".join(RTL_DEVICES)
            raise FlowError(f"design '{name}' is no device that a machine can have; there are: {tops}")
        if not device.rtl and device.device_id not in FUNCTIONS:
            known = ", ".join(f"{number} {what}" for number, what in FUNCTIONS.items())
            raise FlowError(f"configuration '{name}' has device_id {device.device_id}; there are: {known}")
