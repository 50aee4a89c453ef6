# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Device functions: what a device does with the buffers of its queues."""

from cocotbext.virtio.devices.block import BlockDevice
from cocotbext.virtio.devices.console import ConsoleDevice
from cocotbext.virtio.devices.entropy import EntropyDevice
from cocotbext.virtio.devices.function import DeviceFunction
from cocotbext.virtio.devices.net import NetDevice
from cocotbext.virtio.devices.queue_server import QueueServer

__all__ = ["BlockDevice", "ConsoleDevice", "DeviceFunction", "EntropyDevice", "NetDevice", "QueueServer"]
