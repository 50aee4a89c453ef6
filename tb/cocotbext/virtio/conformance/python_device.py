# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Rings worked by Python behind an endpoint's kick, event and queue ports: the device of rings = "python"."""

import random
from collections import deque
from typing import Protocol

import cocotb
from cocotb.triggers import Event
from cocotbext.virtio.clock_reset import ClockReset
from cocotbext.virtio.conformance.settings import Settings
from cocotbext.virtio.devices import BlockDevice, ConsoleDevice, DeviceFunction, EntropyDevice, NetDevice, QueueServer
from cocotbext.virtio.handles import Dut
from cocotbext.virtio.rings import MemoryAccess, MemoryFault, QueueLayout, RingFault

LATENCY = (5, 60)  # cycles from a kick to the first buffer served


class _Bench(Protocol):
    """What the device asks of a Bench."""

    dut: Dut
    settings: Settings
    clock: ClockReset

    @property
    def ram(self) -> MemoryAccess: ...

    def fork(self) -> random.Random: ...


class PythonDevice:
    """Serves every queue of the device under test with the function of its class.

    Args:
        bench: its clock, memory and settings are used.

    Attributes:
        features: accepted by the driver; activity: counts whatever it does.

    Raises:
        ValueError: the design has not the ports for it.
    """

    def __init__(self, bench: _Bench) -> None:
        dut, settings = bench.dut, bench.settings
        missing = [
            name
            for name in (
                "event_valid",
                "event_ready",
                "event_index",
                "notify_valid",
                "notify_queue",
                "queue_index",
                "queue_ready",
                "queue_num",
                "queue_desc",
                "queue_driver",
                "queue_device",
            )
            if not hasattr(dut, name)
        ]
        if missing:
            raise ValueError(f'rings = "python" needs the ports {", ".join(missing)}')
        self._bench, self._dut, self._clock = bench, dut, bench.clock
        self._rng = bench.fork()
        self.features = 0
        self.activity = 0
        self._lives = 0
        self._kicks: deque[int] = deque()
        self._events: deque[int] = deque()
        self._wake, self._event_wake = Event(), Event()
        self.generation = 0
        kind = settings.device_class
        self.function: DeviceFunction
        if kind == "blk":
            self.function = BlockDevice(bytes(512 * 64))
        elif kind == "console":
            self.function = ConsoleDevice()
        elif kind == "net":
            self.function = NetDevice()
        else:
            self.function = EntropyDevice(random.Random(self._rng.getrandbits(32)))
        self.server = QueueServer(self.function, bench.ram, lambda queue: self.event(queue + 1))
        self.function.on_configuration(lambda offset, data: self._changed())
        for name, value in (("event_valid", 0), ("event_index", 0), ("notify_ready", 1), ("queue_index", 0)):
            handle = getattr(dut, name, None)
            if handle is not None:
                handle.value = value
        cocotb.start_soon(self._take_kicks())
        cocotb.start_soon(self._serve())
        cocotb.start_soon(self._raise_events())
        if hasattr(dut, "config_rdata"):
            cocotb.start_soon(self._configuration())

    @property
    def busy(self) -> bool:
        """Whether anything is queued."""
        return bool(self._kicks or self._events)

    def event(self, index: int) -> None:
        """Tell the driver: 0 for a changed configuration, q + 1 for used buffers of queue q."""
        self._events.append(index)
        self._event_wake.set()

    def reset(self) -> None:
        """The driver resets the device."""
        self._lives += 1
        self._kicks.clear()
        self._events.clear()
        self.server.reset()
        self._needs_reset(0)

    def stop(self, queue: int) -> None:
        """The driver stops a queue."""
        self._lives += 1
        self.server.close(queue)

    def _needs_reset(self, level: int) -> None:
        handle = getattr(self._dut, "needs_reset", None)
        if handle is not None:
            handle.value = level

    def _changed(self) -> None:
        self.generation += 1
        handle = getattr(self._dut, "config_generation", None)
        if handle is not None:
            handle.value = self.generation
        self.event(0)

    async def _take_kicks(self) -> None:
        dut, edge = self._dut, self._clock.edge
        while True:
            await edge
            if str(dut.notify_valid.value) == "1" and not self._clock.in_reset:
                try:
                    queue = int(dut.notify_queue.value)
                except ValueError:
                    continue
                self.activity += 1
                if queue not in self._kicks:
                    self._kicks.append(queue)
                self._wake.set()

    async def _serve(self) -> None:
        while True:
            if not self._kicks:
                self._wake.clear()
                await self._wake.wait()
            life = self._lives
            await self._clock.cycles(self._rng.randint(*LATENCY))
            if not self._kicks:
                continue
            queue = self._kicks.popleft()
            row = await self._row(queue)
            if life != self._lives or self.function.error:
                continue
            if not row[0]:
                self.server.close(queue)
                continue
            try:
                if queue not in self.server.queues:
                    self.server.start(self.features)
                    self.server.open(queue, QueueLayout(*row[1:]))
                self.activity += 1
                self.server.run(queue)
            except (RingFault, MemoryFault) as error:
                self.function.error = str(error)
                self._needs_reset(1)

    async def _row(self, queue: int) -> tuple[int, ...]:
        dut = self._dut
        if not self._clock.at_edge():
            await self._clock.edge
        dut.queue_index.value = queue
        await self._clock.cycles(2)
        return tuple(int(getattr(dut, "queue_" + name).value) for name in ("ready", "num", "desc", "driver", "device"))

    async def _raise_events(self) -> None:
        dut, edge = self._dut, self._clock.edge
        while True:
            if not self._events:
                self._event_wake.clear()
                await self._event_wake.wait()
                if not self._clock.at_edge():
                    await edge
                continue
            index = self._events[0]
            dut.event_index.value, dut.event_valid.value = index, 1
            await edge
            while str(dut.event_ready.value) != "1":
                await edge
            dut.event_valid.value = 0
            self.activity += 1
            if self._events and self._events[0] == index:
                self._events.popleft()
            await edge

    async def _configuration(self) -> None:
        dut, edge = self._dut, self._clock.edge
        data = self.function.configuration
        while True:
            await edge
            if str(dut.config_en.value) != "1":
                continue
            address, strobes = int(dut.config_addr.value), int(dut.config_we.value)
            if strobes:
                value = int(dut.config_wdata.value).to_bytes(4, "little")
                for lane in range(4):
                    if strobes >> lane & 1 and address + lane < len(data):
                        data[address + lane] = value[lane]
                lanes = [lane for lane in range(4) if strobes >> lane & 1]
                self.function.driver_wrote(address + lanes[0], value[lanes[0] : lanes[-1] + 1])
            dut.config_rdata.value = int.from_bytes(bytes(data[address : address + 4]).ljust(4, b"\0"), "little")
