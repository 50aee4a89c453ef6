# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The device's sides of all queues of a device, in front of its function: plain Python."""

from collections.abc import Callable
from typing import Unpack

from cocotbext.virtio.devices.function import DeviceFunction
from cocotbext.virtio.rings import (
    DescriptorChain,
    DeviceQueue,
    DeviceQueueOptions,
    MemoryAccess,
    QueueLayout,
    device_queue,
)


class QueueServer:
    """Serves the buffers of every queue that is open, and decides when to tell the driver.

    ::

        server = QueueServer(function, memory, lambda queue: ...)
        server.start(features)
        server.open(0, driver_queue.layout)
        server.run(0)       # at a kick

    Args:
        function: what is done with the buffers.
        memory: for rings and buffers; see MemoryAccess.
        interrupt: called with the queue when the driver wants to hear of used buffers.
        options: see DeviceQueue.

    Attributes:
        features: accepted feature bits.
        queues: open queues, by number.
    """

    def __init__(
        self,
        function: DeviceFunction,
        memory: MemoryAccess,
        interrupt: Callable[[int], None],
        **options: Unpack[DeviceQueueOptions],
    ) -> None:
        self.function = function
        self.memory = memory
        self.features = 0
        self.queues: dict[int, DeviceQueue] = {}
        self._interrupt = interrupt
        self._options = options
        function.server = self

    def start(self, features: int) -> None:
        """The driver has accepted *features*."""
        self.features = features

    def open(self, number: int, layout: QueueLayout) -> None:
        """A queue is ready: begin at its first position.

        Raises:
            RingFault: the layout is impossible.
        """
        self.queues[number] = device_queue(self.memory, layout, self.features, **self._options)

    def close(self, number: int) -> None:
        """A queue is not ready any more: its state is gone, and so are the buffers kept of it (MMIO-37, -42)."""
        if self.queues.pop(number, None) is not None:
            self.function.forget_queue(number)

    def reset(self) -> None:
        """The device was reset: nothing of before is remembered (MMIO-12, -15)."""
        self.queues.clear()
        self.features = 0
        self.function.error = None
        self.function.forget()

    def run(self, number: int) -> None:
        """Serve every available buffer of a queue, then tell the driver if it wants that.

        Raises:
            RingFault: the driver broke a rule; the device must stop until its reset.
            MemoryFault: a buffer is not in memory, and the function cannot say so.
        """
        ring = self.queues[number]
        while True:
            while (chain := ring.take()) is not None:
                written = self.function.serve(number, chain)
                if written is not None:
                    ring.give_back(chain, written)
                    self.function.requests += 1
            if not ring.want_kicks():
                break
        self._notify(number)

    def give_back(self, number: int, *done: tuple[DescriptorChain, int]) -> None:
        """Return buffers that the function kept, and tell the driver if it wants that."""
        self.queues[number].give_back_all(done)
        self.function.requests += len(done)
        self._notify(number)

    def __str__(self) -> str:
        return "; ".join(f"queue {number}: {queue}" for number, queue in self.queues.items())

    def _notify(self, number: int) -> None:
        if self.queues[number].interrupt_wanted():
            self._interrupt(number)
