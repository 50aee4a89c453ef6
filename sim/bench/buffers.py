# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Buffers per second through a virtqueue, driver and device in Python, without a simulator."""

import time

from cocotbext.virtio.rings import Memory, Placement, RingFeature, device_queue, driver_queue

_SIZE = 256
_BATCH = 64  # buffers made available together


def pairs(seconds: float, packed: bool) -> dict:
    """Buffers of one part to read and one to write, 16 bytes each, with a table and event index.

    Args:
        seconds: of processor time.
        packed: kind of queue.

    Returns:
        count, seconds, and cycles: 0.
    """
    features = RingFeature.INDIRECT_DESC.mask | RingFeature.EVENT_IDX.mask | RingFeature.RING_PACKED.mask * packed
    memory = Memory()
    driver = driver_queue(memory, _SIZE, features, placement=Placement(memory, alignment=16))
    device = device_queue(memory, driver.layout, features)
    start, count = time.process_time(), 0
    while (spent := time.process_time() - start) < seconds or not count:
        for _ in range(_BATCH):
            driver.add([b"sixteen bytes ok"], [16], indirect=True, publish=False)
        driver.publish()
        driver.kick_needed()
        while (chain := device.take()) is not None:
            device.give_back(chain, chain.write(0, chain.read()))
        device.interrupt_wanted()
        count += len(driver.used())
        device.want_kicks()
    return {"count": count, "seconds": spent, "cycles": 0}
