# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Where a device is in the guest's address space."""

from dataclasses import dataclass

FIRST_ADDRESS, DISTANCE = 0x0B00_0000, 0x1_0000
FIRST_INTERRUPT = 200  # shared peripheral interrupt; QEMU's virt machine has 256 and uses those below 176


@dataclass(frozen=True)
class MmioWindow:
    """The registers of one device, and its interrupt line.

    Attributes:
        configuration: name of the endpoint's configuration.
        address: of the first register.
        size: bytes.
        interrupt: number of the shared peripheral interrupt.
    """

    configuration: str
    address: int
    size: int
    interrupt: int

    @classmethod
    def number(cls, index: int, configuration: str, size: int) -> "MmioWindow":
        """The window of the machine's device *index*, counted from 0."""
        return cls(configuration, FIRST_ADDRESS + DISTANCE * index, size, FIRST_INTERRUPT + index)

    @property
    def platform_name(self) -> str:
        """The device's name in the guest's sysfs."""
        return f"{self.address:x}.virtio_mmio"
