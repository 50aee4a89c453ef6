"""virtio-rng: an entropy source (virtio 1.2, 5.4)."""

import random

from cocotbext.virtio.devices.virtio_device import VirtioDevice


class VirtioEntropy(VirtioDevice):
    """Fills every buffer with random bytes.

    Args:
        source: where the bytes come from; of its own, so that they do not depend on the order of anything.
        arguments: see VirtioDevice.

    Attributes:
        given: all bytes given so far.
    """

    DEVICE_ID = 4

    def __init__(self, interface, memory, source: random.Random, **arguments):
        super().__init__(interface, memory, **arguments)
        self.given = bytearray()
        self._source = source

    def serve(self, queue: int, chain) -> int:
        """Fill the buffer."""
        data = self._source.randbytes(chain.writable_size)
        self.given += data
        return chain.write(0, data)
