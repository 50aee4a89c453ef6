"""What every device function does at the endpoint's ports."""

import random

import cocotb
from cocotb.triggers import Event
from cocotbext.virtio.config import EVENT_CONFIG, used_event
from cocotbext.virtio.devices.descriptor_chain import DescriptorChain
from cocotbext.virtio.devices.plain_memory import MemoryFault
from cocotbext.virtio.devices.split_queue import QueueError, SplitQueue
from cocotbext.virtio.transactions import DeviceReset, HardReset, KickTaken


class VirtioDevice:
    """Serves the virtqueues behind an endpoint: a subclass says what becomes of a buffer.

    At a kick it looks the queue up, thinks for a while, then serves every buffer there is and raises one event if the
    driver wants to hear of them. A driver that breaks a rule of the ring, or names memory that is not there, makes
    it raise ``needs_reset``; after the reset it works again.

    Args:
        interface: the EndpointInterface; its queue table, kicks, events and device state are used.
        memory: what the device reaches by DMA, with ``read(address, length)``, ``write(address, data)`` and
        ``flush()``.
        latency: (least, most) cycles from a kick to the first buffer served.
        rng: source of randomness.

    Attributes:
        requests: buffers given back to the driver.
        error: what the driver did wrong, in words; None while it behaves.
    """

    DEVICE_ID: int  # of the subclass, as the register reads

    def __init__(self, interface, memory, latency: tuple[int, int] = (10, 100), rng=random):
        self.interface = interface
        self.memory = memory
        self.requests = 0
        self.error: str | None = None
        self._latency = latency
        self._rng = rng
        self._queues: dict[int, SplitQueue] = {}
        self._kicked: set[int] = set()
        self._lives = 0  # counts resets: work begun in an earlier life is dropped
        self._serving = False
        self._wake = Event()
        interface.kick_monitor.add_callback(self._kick)
        interface.state_monitor.add_callback(self._state)
        cocotb.start_soon(self._run())

    @property
    def busy(self) -> bool:
        """Whether a kick has not been served to the end, or an event not been accepted."""
        return self._serving or bool(self._kicked) or not self.interface.events.idle

    def serve(self, queue: int, chain: DescriptorChain) -> int | None:
        """Do what a buffer asks for.

        Returns:
            The bytes written into it, or None to keep it; :meth:`give_back` returns it later.
        """
        raise NotImplementedError

    def forget(self) -> None:
        """Called at every reset of the device: drop the buffers kept."""

    def give_back(self, queue: int, chain: DescriptorChain, written: int) -> None:
        """Return a buffer that :meth:`serve` kept, and tell the driver."""
        self._queues[queue].give_back(chain, written)
        self.requests += 1
        self._notify(queue)

    def queues(self) -> str:
        """The state of every queue, in words."""
        return "; ".join(f"queue {number}: {queue}" for number, queue in self._queues.items())

    def change_config(self, offset: int, data: bytes) -> None:
        """Change the configuration at byte *offset* and tell the driver."""
        self.interface.device_config.change(offset, data)
        self.interface.events.submit(EVENT_CONFIG)

    def _kick(self, kick: KickTaken) -> None:
        self._kicked.add(kick.queue)
        self._wake.set()

    def _state(self, observation) -> None:
        if isinstance(observation, (DeviceReset, HardReset)):
            self._lives += 1
            self._queues.clear()
            self._kicked.clear()
            self.error = None
            self.interface.device_state.needs_reset = False
            self.forget()

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            if not self._kicked:
                await self._wake.wait()
                continue
            queue = min(self._kicked)
            self._kicked.remove(queue)
            self._serving = True
            try:
                await self._serve_queue(queue)
            except (QueueError, MemoryFault) as error:
                self.error = f"queue {queue}: {error}"
                self.interface.device_state.needs_reset = True
            self._serving = False

    async def _serve_queue(self, queue: int) -> None:
        life = self._lives
        await self.interface.clocking.cycles(self._rng.randint(*self._latency))
        row = await self.interface.queue_table.row(queue)
        if life != self._lives or self.error:
            return
        if not row.ready:
            self._queues.pop(queue, None)
            return
        ring = self._queues.get(queue)
        if ring is None:
            features = self.interface.device_state.driver_features
            ring = self._queues[queue] = SplitQueue(self.memory, row, features)
        while True:
            while (chain := ring.take()) is not None:
                written = self.serve(queue, chain)
                if written is not None:
                    ring.give_back(chain, written)
                    self.requests += 1
            if not ring.want_kicks():
                break
        self._notify(queue)

    def _notify(self, queue: int) -> None:
        if self._queues[queue].interrupt_wanted():
            self.interface.events.submit(used_event(queue))
