# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""A device function at the ports of an endpoint."""

import random

import cocotb
from cocotb.triggers import Event
from cocotbext.virtio.bfm.endpoint_interface import EndpointInterface
from cocotbext.virtio.config import EVENT_CONFIG, used_event
from cocotbext.virtio.devices.function import DeviceFunction
from cocotbext.virtio.devices.queue_server import QueueServer
from cocotbext.virtio.randomness import Rng
from cocotbext.virtio.registers import CONFIG_WINDOW_OFFSET, Register
from cocotbext.virtio.rings import MemoryAccess, MemoryFault, QueueLayout, RingFault
from cocotbext.virtio.transactions import DeviceReset, HardReset, KickTaken, RegisterWrite, Transaction


class DeviceService:
    """Serves the virtqueues behind an endpoint with a function in Python.

    At a kick it looks the queue up, thinks for a while, then serves every buffer there is and raises one event if the
    driver wants to hear of them. A driver that breaks a rule of the ring, or names memory that is not there, makes
    it raise ``needs_reset``; after the reset it works again.

    Args:
        interface: the EndpointInterface; its queue table, kicks, events and device state are used.
        memory: what the device reaches by DMA; see MemoryAccess.
        function: what is done with the buffers; its configuration is copied into the endpoint's.
        latency: (least, most) cycles from a kick to the first buffer served.
        rng: source of randomness.

    Raises:
        ValueError: the endpoint's configuration space is too small for the device.
    """

    def __init__(
        self,
        interface: EndpointInterface,
        memory: MemoryAccess,
        function: DeviceFunction,
        latency: tuple[int, int] = (10, 100),
        rng: Rng = random,
    ) -> None:
        self.interface = interface
        self.function = function
        self.server = QueueServer(function, memory, lambda queue: interface.event_source.submit(used_event(queue)))
        self._latency = latency
        self._rng = rng
        self._kicked: set[int] = set()
        self._lives = 0  # counts resets: work begun in an earlier life is dropped
        self._serving = False
        self._wake = Event()
        self._selected = 0  # QueueSel
        self._configure()
        function.on_configuration(self._change)
        interface.write_monitor.on_responded(self._written)
        interface.kick_monitor.add_callback(self._kick)
        interface.state_monitor.add_callback(self._state)
        cocotb.start_soon(self._run())

    @property
    def busy(self) -> bool:
        """Whether a kick has not been served to the end, or an event not been accepted."""
        return self._serving or bool(self._kicked) or not self.interface.event_source.idle

    def queues(self) -> str:
        """The state of every queue, in words."""
        return str(self.server)

    def _configure(self) -> None:
        data, content = self.interface.device_config.data, self.function.configuration
        least = self.function.LEAST_CONFIGURATION
        if len(data) < least:
            raise ValueError(f"{type(self.function).__name__} needs CONFIG_BYTES of at least {least}, not {len(data)}")
        data[: len(content)] = content[: len(data)]

    def _change(self, offset: int, data: bytes) -> None:
        self.interface.device_config.change(offset, data)
        self.interface.event_source.submit(EVENT_CONFIG)

    def _written(self, write: RegisterWrite) -> None:
        """A queue that stops loses its position; it may be ready again before the next kick comes."""
        if write.address == Register.QUEUE_SEL:
            self._selected = write.data
        elif write.address == Register.QUEUE_READY and not write.data & 1:
            self.server.close(self._selected)
        elif write.address >= CONFIG_WINDOW_OFFSET and write.strobe:
            first = (write.strobe & -write.strobe).bit_length() - 1
            data = write.data.to_bytes(4, "little")[first : write.strobe.bit_length()]
            self.function.driver_wrote((write.address & ~3) - CONFIG_WINDOW_OFFSET + first, data)

    def _kick(self, kick: KickTaken) -> None:
        self._kicked.add(kick.queue)
        self._wake.set()

    def _state(self, transaction: Transaction) -> None:
        if isinstance(transaction, (DeviceReset, HardReset)):
            self._lives += 1
            self._kicked.clear()
            self._selected = 0
            self.interface.device_state.needs_reset = False
            self.server.reset()

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
            except (RingFault, MemoryFault) as error:
                self.function.error = f"queue {queue}: {error}"
                self.interface.device_state.needs_reset = True
            self._serving = False

    async def _serve_queue(self, queue: int) -> None:
        life = self._lives
        await self.interface.clock.cycles(self._rng.randint(*self._latency))
        row = await self.interface.queue_table.row(queue)
        if life != self._lives or self.function.error:
            return
        if not row.ready:
            self.server.close(queue)
            return
        if queue not in self.server.queues:
            self.server.start(self.interface.device_state.driver_features)
            self.server.open(queue, QueueLayout(row.num, row.desc, row.driver, row.device))
        self.server.run(queue)
