# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""virtio-rng: an entropy source (virtio 1.2, 5.4)."""

import random

from cocotbext.virtio.devices.function import DeviceFunction
from cocotbext.virtio.rings import DescriptorChain


class EntropyDevice(DeviceFunction):
    """Fills every buffer with random bytes.

    Args:
        source: where the bytes come from; of its own, so that they do not depend on the order of anything.

    Attributes:
        given: all bytes given so far.
    """

    DEVICE_ID = 4

    def __init__(self, source: random.Random) -> None:
        super().__init__()
        self.given = bytearray()
        self._source = source

    def serve(self, queue: int, chain: DescriptorChain) -> int:
        """Fill the buffer."""
        data = self._source.randbytes(chain.writable_size)
        self.given += data
        return chain.write(0, data)
