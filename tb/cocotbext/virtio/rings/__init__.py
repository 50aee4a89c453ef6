# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Virtqueues in plain Python: the driver's side, the device's side, and the memory that both share."""

from typing import Unpack

from cocotbext.virtio.rings.chain import DescriptorChain
from cocotbext.virtio.rings.device_queue import DeviceQueue, DeviceQueueOptions
from cocotbext.virtio.rings.driver_queue import Buffer, DriverQueue, DriverQueueOptions, QueueFull, RingViolation
from cocotbext.virtio.rings.fault import FaultCode, RingFault
from cocotbext.virtio.rings.layout import (
    MAX_QUEUE_SIZE,
    DescriptorFlag,
    EventFlags,
    QueueLayout,
    RingFeature,
    SuppressionFlag,
)
from cocotbext.virtio.rings.memory import Memory, MemoryAccess, MemoryFault, WatchedMemory
from cocotbext.virtio.rings.packed_device import PackedDeviceQueue
from cocotbext.virtio.rings.packed_driver import PackedDriverQueue
from cocotbext.virtio.rings.placement import OutOfSpace, Placement, cut, cut_data
from cocotbext.virtio.rings.plain_memory import PlainMemory
from cocotbext.virtio.rings.split_device import SplitDeviceQueue
from cocotbext.virtio.rings.split_driver import SplitDriverQueue


def device_queue(
    memory: MemoryAccess, layout: QueueLayout, features: int, **options: Unpack[DeviceQueueOptions]
) -> DeviceQueue:
    """The device's side of a queue, packed if *features* say so; see DeviceQueue for *options* and errors."""
    kind = PackedDeviceQueue if RingFeature.RING_PACKED.within(features) else SplitDeviceQueue
    return kind(memory, layout, features, **options)


def driver_queue(
    memory: MemoryAccess, size: int, features: int = 0, **options: Unpack[DriverQueueOptions]
) -> DriverQueue:
    """The driver's side of a queue, packed if *features* say so; see DriverQueue for *options* and errors."""
    kind = PackedDriverQueue if RingFeature.RING_PACKED.within(features) else SplitDriverQueue
    return kind(memory, size, features, **options)


__all__ = [
    "MAX_QUEUE_SIZE",
    "Buffer",
    "DescriptorChain",
    "DescriptorFlag",
    "DeviceQueue",
    "DeviceQueueOptions",
    "DriverQueue",
    "DriverQueueOptions",
    "EventFlags",
    "FaultCode",
    "Memory",
    "MemoryAccess",
    "MemoryFault",
    "OutOfSpace",
    "PackedDeviceQueue",
    "PackedDriverQueue",
    "Placement",
    "PlainMemory",
    "QueueFull",
    "QueueLayout",
    "RingFault",
    "RingFeature",
    "RingViolation",
    "SplitDeviceQueue",
    "SplitDriverQueue",
    "SuppressionFlag",
    "WatchedMemory",
    "cut",
    "cut_data",
    "device_queue",
    "driver_queue",
]
