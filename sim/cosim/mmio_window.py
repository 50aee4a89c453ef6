# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Where a device is in the guest's address space."""

from dataclasses import dataclass


@dataclass(frozen=True)
class MmioWindow:
    """The registers of one device, and its interrupt line.

    Attributes:
        configuration: name of the endpoint's configuration.
        address: of the first register.
        size: bytes.
        interrupt: number of the interrupt controller's input.
        platform_name: the device's name in the guest's sysfs.
    """

    configuration: str
    address: int
    size: int
    interrupt: int
    platform_name: str
