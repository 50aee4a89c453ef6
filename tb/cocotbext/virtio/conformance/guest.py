# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The driver of the conformance checks: every step of a driver on its own, each announced to the trace."""

import random
from typing import TypedDict, Unpack

from cocotbext.virtio.conformance.bench import Bench, Blocked, NotCheckable, Stuck
from cocotbext.virtio.registers import Register, StatusBit
from cocotbext.virtio.rings import DriverQueue, Placement, QueueLayout, RingFeature, driver_queue

VERSION_1, ACCESS_PLATFORM, ORDER_PLATFORM = 32, 33, 36
MMIO_NOTIFICATION, MMIO_MSI = 39, 40  # of the 2020 proposal
BASIC = (VERSION_1, ACCESS_PLATFORM, ORDER_PLATFORM)  # what every driver accepts when it is offered
MOST_QUEUES = 64  # set up by one driver


class QueueOptions(TypedDict, total=False):
    """Options of a DriverQueue that a guest has choices of its own for."""

    placement: Placement | None
    rng: random.Random | None


class Guest:
    """A driver and what it knows.

    Args:
        bench: the device and its surroundings.

    Attributes:
        features: accepted; queues: ready ones by number; placement: where rings and buffers go.
    """

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.features = 0
        self.offered = 0
        self.queues: dict[int, DriverQueue] = {}
        self.live = False
        settings = bench.settings
        self.placement = Placement(
            bench.memory, settings.memory_base + 0x1000, settings.memory_bytes - 0x1000, bench.fork(), 16, 64
        )

    # Status and features

    async def reset(self) -> None:
        """Write 0 to Status and wait until it reads 0.

        Raises:
            Stuck: it never does; noted.
        """
        bench = self.bench
        if bench.has("change"):
            bench.python.reset()
        await bench.write(Register.STATUS, 0)
        end = bench.clock.cycle + bench.patience
        while await bench.read(Register.STATUS):
            if bench.clock.cycle > end:
                bench.find(f"Status does not read 0 within {bench.patience} cycles after 0 was written to it")
                raise Stuck
            await bench.clock.cycles(8)
        bench.trace.stop_all(bench.clock.cycle)
        self.features, self.live = 0, False
        self.queues.clear()

    async def status(self, *bits: StatusBit) -> int:
        """Set bits of Status; returns the cycle in which the write began."""
        value = await self.bench.read(Register.STATUS)
        for bit in bits:
            value |= bit
        return await self.bench.write(Register.STATUS, value & ~StatusBit.DEVICE_NEEDS_RESET)

    async def begin(self) -> None:
        """Reset, ACKNOWLEDGE, DRIVER; read what is offered."""
        await self.reset()
        await self.status(StatusBit.ACKNOWLEDGE)
        await self.status(StatusBit.DRIVER)
        self.offered = 0
        for word in (1, 0):
            await self.bench.write(Register.DEVICE_FEATURES_SEL, word)
            self.offered |= await self.bench.read(Register.DEVICE_FEATURES) << 32 * word

    def offers(self, bit: int) -> bool:
        """Whether a feature bit is offered."""
        return bool(self.offered >> bit & 1)

    async def accept(self, features: int) -> bool:
        """Write DriverFeatures and FEATURES_OK; returns whether it stays set."""
        for word in (1, 0):
            await self.bench.write(Register.DRIVER_FEATURES_SEL, word)
            await self.bench.write(Register.DRIVER_FEATURES, features >> 32 * word)
        await self.status(StatusBit.FEATURES_OK)
        self.features = features
        if self.bench.has("change"):
            self.bench.python.features = features
        return bool(await self.bench.read(Register.STATUS) & StatusBit.FEATURES_OK)

    async def negotiate(self, *bits: int) -> None:
        """begin() and accept() the basic features and *bits*.

        Raises:
            NotCheckable: a bit is not offered. Blocked: FEATURES_OK is refused.
        """
        await self.begin()
        for bit in bits:
            if not self.offers(bit):
                name = next((each.name for each in RingFeature if each == bit), f"feature bit {bit}")
                raise NotCheckable(f"{name} is not offered")
        features = sum(1 << bit for bit in {*BASIC, *bits} if self.offers(bit))
        if not await self.accept(features):
            raise Blocked(f"FEATURES_OK is refused for {features:#x}")

    # Queues

    async def queue_max(self, index: int) -> int:
        """QueueNumMax of a queue; it stays selected."""
        await self.bench.write(Register.QUEUE_SEL, index)
        return await self.bench.read(Register.QUEUE_NUM_MAX)

    async def make_ready(
        self, index: int, size: int | None = None, layout: QueueLayout | None = None, **options: Unpack[QueueOptions]
    ) -> DriverQueue:
        """Put a queue into memory and announce it: QueueReady = 1.

        Raises:
            Blocked: the queue does not exist.
        """
        bench = self.bench
        most = await self.queue_max(index)
        if not 1 <= most <= 32768:
            raise Blocked(f"QueueNumMax of queue {index} is {most}")
        size = min(size or 16, most)
        if not RingFeature.RING_PACKED.within(self.features):
            size = 1 << size.bit_length() - 1
        options.setdefault("placement", self.placement)
        options.setdefault("rng", bench.fork())
        queue = driver_queue(bench.memory, size, self.features, layout=layout, **options)
        await self.announce(index, queue)
        return queue

    async def announce(self, index: int, queue: DriverQueue) -> None:
        """Write size and addresses of a queue, and QueueReady = 1."""
        bench = self.bench
        await bench.write(Register.QUEUE_SEL, index)
        await bench.write(Register.QUEUE_NUM, queue.size)
        for register, address in zip(
            (Register.QUEUE_DESC_LOW, Register.QUEUE_DRIVER_LOW, Register.QUEUE_DEVICE_LOW), queue.layout[1:]
        ):
            await bench.write(register, address)
            await bench.write(register + 4, address >> 32)
        began = await bench.write(Register.QUEUE_READY, 1)
        self.queues[index] = queue
        if self.live:
            bench.trace.queue_start(began, index, queue.layout, self.features)

    async def driver_ok(self) -> None:
        """Set DRIVER_OK."""
        bench = self.bench
        began = await self.status(StatusBit.DRIVER_OK)
        self.live = True
        for index, queue in self.queues.items():
            bench.trace.queue_start(began, index, queue.layout, self.features)

    async def stop(self, index: int) -> None:
        """QueueReady = 0, and wait until it reads 0.

        Raises:
            Stuck: it never does; noted.
        """
        bench = self.bench
        await bench.write(Register.QUEUE_SEL, index)
        if bench.has("change"):
            bench.python.stop(index)
        await bench.write(Register.QUEUE_READY, 0)
        end = bench.clock.cycle + bench.patience
        while await bench.read(Register.QUEUE_READY):
            if bench.clock.cycle > end:
                bench.find(f"QueueReady does not read 0 within {bench.patience} cycles after 0 was written to it")
                raise Stuck
        bench.trace.queue_stop(bench.clock.cycle, index)
        self.queues.pop(index, None)

    async def bring_up(
        self, *bits: int, size: int | None = None, queues: int | None = None, **options: Unpack[QueueOptions]
    ) -> None:
        """All of a driver's start: features, all queues (at most *queues*), DRIVER_OK.

        Raises:
            NotCheckable, Blocked: as negotiate() and all_queues() do.
        """
        await self.negotiate(*bits)
        await self.all_queues(size, queues, **options)
        await self.driver_ok()

    async def all_queues(
        self, size: int | None = None, queues: int | None = None, **options: Unpack[QueueOptions]
    ) -> None:
        """Make every queue ready that the device has.

        Raises:
            Blocked: it has none.
        """
        for index in range(MOST_QUEUES if queues is None else queues):
            if not await self.queue_max(index):
                break
            await self.make_ready(index, size, **options)
        if not self.queues:
            raise Blocked("the device has no queue 0")

    # Buffers

    async def kick(self, index: int, at: int = Register.QUEUE_NOTIFY) -> None:
        """Write QueueNotify, or the doorbell *at* an address, for a queue, whether or not the device wants it."""
        queue = self.queues[index]
        value = queue.kick_value(index)
        self.bench.trace.kick(self.bench.clock.cycle, index, value)
        await self.bench.write(at, value)

    async def kick_if_wanted(self, index: int) -> bool:
        """Kick as a driver does: only when the device asks for it."""
        if not self.queues[index].kick_needed():
            return False
        await self.kick(index)
        return True

    async def wait_used(self, index: int, count: int = 1, limit: int | None = None, step: int = 8) -> list:
        """Buffers that the device used: *count* of them, or fewer when one takes too long (default: patience).

        It is looked for every *step* cycles.
        """
        bench, queue = self.bench, self.queues[index]
        found = queue.used()

        def more() -> bool:
            fresh = queue.used()
            found.extend(fresh)
            return bool(fresh)

        while len(found) < count and await bench.until(more, limit, step):
            pass
        return found

    async def interrupt_status(self) -> int:
        """InterruptStatus."""
        return await self.bench.read(Register.INTERRUPT_STATUS)

    async def acknowledge(self, bits: int = 3) -> None:
        """Write InterruptACK."""
        await self.bench.write(Register.INTERRUPT_ACK, bits)

    async def needs_reset(self) -> bool:
        """Whether the device asks for a reset."""
        return bool(await self.bench.read(Register.STATUS) & StatusBit.DEVICE_NEEDS_RESET)
