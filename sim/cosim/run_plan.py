# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What one boot of a guest is to be."""

from dataclasses import dataclass

from sim.cosim.machine_description import VIRT, MachineDescription

ONLY_DEVICE_MASKS = "mask_parent=0"  # an option of the MSI driver


@dataclass(frozen=True)
class RunPlan:
    """One boot: a guest, its devices, and how they are driven.

    Attributes:
        guest: one of guests.GUESTS.
        name: of the run; also of the folder with its files.
        configurations: names of configs.toml, a device of the machine each.
        cpus: of the machine.
        options: of the MSI driver.
        arguments: for the kernel.
        by_message: with the MSI driver, whether it can use messages; None: not known.
        machine: what the guest runs on.
        suspends: the guest is suspended once, and resumes.
    """

    guest: str
    name: str
    configurations: tuple[str, ...]
    cpus: int = 1
    options: str = ""
    arguments: str = ""
    by_message: bool | None = True
    machine: MachineDescription = VIRT
    suspends: bool = False

    @property
    def masks(self) -> bool:
        """The driver masks in the device around each interrupt, and the devices see to it that an event comes
        meanwhile."""
        return self.options == ONLY_DEVICE_MASKS
