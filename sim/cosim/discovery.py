# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Tells the guest of our devices, in the way that its machine has for that."""

from pathlib import Path

from sim.cosim.acpi_table import acpi_table
from sim.cosim.device_tree import make_device_tree
from sim.cosim.machine_description import Discovery, MachineDescription
from sim.cosim.mmio_window import MmioWindow


def discovery_options(
    machine: MachineDescription, command: list[str], windows: list[MmioWindow], directory: Path
) -> list[str]:
    """QEMU's options that make the guest find *windows*.

    Args:
        machine: the machine.
        command: QEMU's command line of it, without anything that starts it.
        windows: our devices.
        directory: for files that QEMU reads.

    Raises:
        FlowError: QEMU or a compiler refused.
    """
    match machine.discovery:
        case Discovery.DEVICE_TREE:
            return ["-dtb", str(make_device_tree(command, windows, directory))]
        case Discovery.OWN_TRANSPORTS:
            # What is plugged in is never seen: our window lies over its transport.
            options = []
            for index in range(len(windows)):
                options += ["-object", f"rng-builtin,id=unseen{index}"]
                options += ["-device", f"virtio-rng-device,rng=unseen{index},bus=virtio-mmio-bus.{index}"]
            return options
        case Discovery.ACPI_TABLE:
            file = directory / "devices.aml"
            file.write_bytes(acpi_table(windows))
            return ["-acpitable", f"file={file}"]
