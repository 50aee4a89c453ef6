# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The device function behind an endpoint, by its device identity."""

import hashlib
import random

from cocotbext.virtio.bfm.endpoint_interface import EndpointInterface
from cocotbext.virtio.devices import BlockDevice, ConsoleDevice, DeviceFunction, EntropyDevice
from cocotbext.virtio.devices.block import SECTOR
from cocotbext.virtio.devices.device_service import DeviceService
from cocotbext.virtio.rings.memory import MemoryAccess

from sim.cosim.repeated_config_change import RepeatedConfigChange

DISK_SECTORS = 2048
DISK_NAME = b"rtl-disk"
GROWTH = 64  # sectors

FUNCTIONS = {
    BlockDevice.DEVICE_ID: "disk",
    ConsoleDevice.DEVICE_ID: "console",
    EntropyDevice.DEVICE_ID: "entropy source",
}


def disk_content(seed: int) -> random.Random:
    """Where the disk's bytes come from: DISK_SECTORS sectors first, GROWTH more each time it grows."""
    return random.Random(f"disk {seed}")


def first_content(seed: int) -> bytes:
    """What is on the disk before anyone writes to it."""
    return disk_content(seed).randbytes(DISK_SECTORS * SECTOR)


def make_function(
    interface: EndpointInterface, memory: MemoryAccess, seed: int, insists: bool = False
) -> DeviceService:
    """The device function for the endpoint's DEVICE_ID: disk, console or entropy source.

    - The disk has DISK_SECTORS of random content and grows by GROWTH sectors when it is asked for its name; that
      is how a guest orders a configuration change.
    - The console sends back what it is sent, in capitals.

    Args:
        interface: the EndpointInterface.
        memory: the guest's.
        seed: of the content and of all delays.
        insists: the disk tells of its growth twice, see RepeatedConfigChange.

    Raises:
        ValueError: there is no function for this DEVICE_ID, see FUNCTIONS.
    """
    rng = random.Random(f"latency {seed}")
    match interface.config.device_id:
        case BlockDevice.DEVICE_ID:
            content = disk_content(seed)
            disk = BlockDevice(content.randbytes(DISK_SECTORS * SECTOR), DISK_NAME, interface.config.num_queues)
            disk.on_named(lambda: disk.grow(content.randbytes(GROWTH * SECTOR)))
            if insists:
                disk.on_named(RepeatedConfigChange(interface).arm)
            return DeviceService(interface, memory, disk, rng=rng)
        case ConsoleDevice.DEVICE_ID:
            console = ConsoleDevice()
            console.on_output(lambda data: console.type(data.upper()))
            return DeviceService(interface, memory, console, rng=rng)
        case EntropyDevice.DEVICE_ID:
            return DeviceService(interface, memory, EntropyDevice(random.Random(f"entropy {seed}")), rng=rng)
    raise ValueError(f"no device function for DEVICE_ID {interface.config.device_id}")


def describe(function: DeviceFunction) -> dict:
    """What the guest's own findings are compared with, ready for JSON."""
    found = {"requests": function.requests, "error": function.error}
    match function:
        case BlockDevice():
            return found | {
                "sectors": len(function.data) // SECTOR,
                "md5": hashlib.md5(function.data).hexdigest(),
                "md5_before_growth": hashlib.md5(function.data[: DISK_SECTORS * SECTOR]).hexdigest(),
                "by_type": {str(kind): number for kind, number in function.counts.items()},
            }
        case ConsoleDevice():
            return found | {"output": function.output.decode(errors="replace")}
        case EntropyDevice():
            return found | {"given": function.given.hex()}
    raise ValueError(f"nothing is known of a {type(function).__name__}")
