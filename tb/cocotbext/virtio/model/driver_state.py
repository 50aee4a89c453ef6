# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Holds what only the driver changes: the registers of the device as a whole, and the set-up of a vector."""

from dataclasses import dataclass
from typing import NamedTuple

from cocotbext.virtio.registers import StatusBit

_DRIVER_OK = int(StatusBit.DRIVER_OK)  # asked for all the time, and an IntFlag takes ten times as long


class Setup(NamedTuple):
    """State of a vector that commands set: configured, masked, and its message."""

    masked: bool = False
    pair: tuple[int, int] | None = None  # address and data; None while the vector is not configured


@dataclass(frozen=True)
class DriverState:
    """Values of the registers that only the driver changes, between two writes. Defaults: the values after reset."""

    status: int = 0  # without DEVICE_NEEDS_RESET
    device_features_sel: int = 0
    driver_features_sel: int = 0
    driver_features: int = 0  # 64 bits
    features_beyond: bool = False  # a bit above 63 was accepted
    features: int | None = None  # latched by FEATURES_OK
    queue_sel: int = 0
    vec_sel: int = 0
    address_low: int = 0
    address_high: int = 0
    data: int = 0
    enabled: bool = False

    @property
    def driver_ok(self) -> bool:
        """Whether the device may notify."""
        return bool(self.status & _DRIVER_OK)

    def negotiated(self, bit: int) -> bool:
        """Whether FEATURES_OK has latched feature `bit`."""
        return bool((self.features or 0) >> bit & 1)
