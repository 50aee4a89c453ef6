# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What a driver of a virtio-mmio device does, from the virtio text and the MSI proposal, over any registers."""

import contextlib
from collections import deque
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from typing import NamedTuple

from cocotb.triggers import Event
from cocotbext.virtio.registers import (
    CONFIG_WINDOW_OFFSET,
    MAGIC_VALUE,
    MSI_NO_VECTOR,
    VERSION_VALUE,
    FeatureBit,
    InterruptBit,
    MsiCommand,
    MsiStateBit,
    Register,
    StatusBit,
)
from cocotbext.virtio.rings import DriverQueue, QueueLayout

NO_VECTOR = MSI_NO_VECTOR  # an event that is mapped to it sends no message
CONFIG_EVENT = 0  # number of the configuration change; used buffers of queue q are event q + 1


class DeviceRefused(AssertionError):
    """The device is not what a driver can work with; the text says what it reads."""


class Identity(NamedTuple):
    """The registers that say what a device is."""

    magic: int
    version: int
    device_id: int
    vendor_id: int


def message_of(vector: int) -> tuple[int, int]:
    """The message that a driver gives a vector if nobody says otherwise: (address, data), another one for each."""
    return 0xFEE0_0000 + 0x1000 * vector, 0x4000 + vector


class DriverApi:
    """Base of drivers: a subclass says how a register is reached.

    Every method is made of register accesses only, by name from the generated register map. Sequences of accesses that
    belong together are not mixed with those of another coroutine that uses the same driver.

    Attributes:
        msi_wanted: accept MSI if it is offered; False: use the interrupt line.
        msi_feature_bit: feature bit of MSI in this device.
        patience: reads until a reset, or a queue that stops, counts as stuck.
        identity: what probe() has read.
        offered, features: feature bits offered, and accepted; known after negotiate().
        vectors: number of MSI vectors, 0 without MSI; sharing: events are mapped to vectors by the driver.
        vector_of: event -> vector, as far as this driver has decided it.
        rings: number -> DriverQueue or None, of each queue that was set up.
        doorbells: (base, multiplier) of the doorbells, None without.
    """

    def __init__(self) -> None:
        self.msi_wanted = True
        self.msi_feature_bit = int(FeatureBit.MMIO_MSI)
        self.patience = 1000
        self.identity: Identity | None = None
        self.offered = 0
        self.features = 0
        self.vectors = 0
        self.sharing = False
        self.vector_of: dict[int, int] = {}
        self.rings: dict[int, DriverQueue | None] = {}
        self.doorbells: tuple[int, int] | None = None
        self._turns: deque[Event] = deque()  # coroutines that wait for the selectors
        self._busy = False

    # Registers.

    async def read(self, register: int) -> int:
        """Read a register."""
        raise NotImplementedError

    async def write(self, register: int, value: int) -> None:
        """Write the low 32 bits of *value*."""
        raise NotImplementedError

    async def write_together(self, *pairs: tuple[int, int]) -> None:
        """Write (register, value) in this order, in one piece where that can be done."""
        raise NotImplementedError

    async def read_bytes(self, offset: int, size: int) -> int:
        """*size* bytes (1, 2 or 4) at *offset*, which is a multiple of *size*."""
        raise NotImplementedError

    async def write_bytes(self, offset: int, value: int, size: int) -> None:
        """Write *size* bytes (1, 2 or 4) at *offset*, which is a multiple of *size*."""
        raise NotImplementedError

    @property
    def msi(self) -> bool:
        """Whether MSI was accepted."""
        return self.accepted(self.msi_feature_bit)

    def accepted(self, bit: int) -> bool:
        """Whether a feature was accepted."""
        return bool(self.features >> bit & 1)

    # From reset to DRIVER_OK (3.1.1).

    async def probe(self) -> Identity:
        """Read what the device is (4.2.3.1.1).

        Raises:
            DeviceRefused: it is no virtio-mmio device of version 2, or has no function (DeviceID 0).
        """
        names = Register.MAGIC_VALUE, Register.VERSION, Register.DEVICE_ID, Register.VENDOR_ID
        self.identity = found = Identity(*[await self.read(register) for register in names])
        if found.magic != MAGIC_VALUE or found.version != VERSION_VALUE:
            raise DeviceRefused(f"MagicValue reads {found.magic:#x}, Version {found.version}")
        if not found.device_id:
            raise DeviceRefused("DeviceID reads 0: there is no device")
        return found

    async def reset(self) -> None:
        """Write Status = 0 and wait until it reads 0 (2.4.2).

        Raises:
            DeviceRefused: it does not within *patience* reads.
        """
        await self.write(Register.STATUS, 0)
        for _ in range(self.patience):
            if not await self.read(Register.STATUS):
                break
        else:
            raise DeviceRefused(f"Status does not read 0 in {self.patience} reads after a reset")
        self.features = self.vectors = 0
        self.sharing = False
        self.doorbells = None
        self.vector_of.clear()
        self.rings.clear()

    async def status(self) -> StatusBit:
        """Status as it reads."""
        return StatusBit(await self.read(Register.STATUS))

    async def add_status(self, bits: StatusBit) -> int:
        """Set bits on top of what Status reads; returns what was written."""
        async with self._together():
            status = await self.read(Register.STATUS) | bits
            await self.write(Register.STATUS, status)
        return status

    async def read_features(self, words: Iterable[int] = (0, 1)) -> int:
        """The features that the device offers, in words of 32 bits."""
        offered = 0
        async with self._together():
            for word in words:
                await self.write(Register.DEVICE_FEATURES_SEL, word)
                offered |= await self.read(Register.DEVICE_FEATURES) << 32 * word
        return offered

    async def negotiate(self, accept: int | None = None, without: int = 0) -> int:
        """Reset, acknowledge, and accept features, up to FEATURES_OK.

        Args:
            accept: bits to accept, offered or not; None: all that are offered but MSI where it is not wanted.
            without: bits not to accept.

        Returns:
            The accepted features.

        Raises:
            DeviceRefused: the device does not keep FEATURES_OK.
        """
        await self.reset()
        await self.add_status(StatusBit.ACKNOWLEDGE)
        await self.add_status(StatusBit.DRIVER)
        self.offered = await self.read_features()
        if accept is None:
            accept = self.offered if self.msi_wanted else self.offered & ~(1 << self.msi_feature_bit)
        accept &= ~without
        async with self._together():
            for word in range(max(2, (accept.bit_length() + 31) // 32)):
                await self.write(Register.DRIVER_FEATURES_SEL, word)
                await self.write(Register.DRIVER_FEATURES, accept >> 32 * word)
        await self.add_status(StatusBit.FEATURES_OK)
        status = await self.status()
        if not status & StatusBit.FEATURES_OK:
            raise DeviceRefused(f"features {accept:#x} of {self.offered:#x} are refused: Status reads {status:#x}")
        self.features = accept
        if self.accepted(FeatureBit.MMIO_NOTIFICATION):
            where = await self.read(Register.QUEUE_NOTIFY)
            self.doorbells = where & 0xFFFF, where >> 16
        if self.msi:
            self.vectors = await self.read(Register.MSI_VEC_NUM)
            self.sharing = bool(await self.read(Register.MSI_STATE) & (MsiStateBit.SHARING | MsiStateBit.SHARING_ALT))
        return accept

    async def bring_up(
        self,
        queues: Sequence[DriverQueue | QueueLayout] | Mapping[int, DriverQueue | QueueLayout],
        mapping: Mapping[int, int] | None = None,
        driver_ok: bool = True,
    ) -> None:
        """From FEATURES_OK to DRIVER_OK, in the order of the texts: vectors, mapping, ENABLE, queues, DRIVER_OK.

        Args:
            queues: for each queue its rings; a sequence begins with queue 0.
            mapping: where vectors are shared, event -> vector; default: event e on vector e modulo their number.
            driver_ok: False: stop before DRIVER_OK.

        Raises:
            DeviceRefused: a queue does not exist, is too small, or is in use.
        """
        numbered = dict(queues) if isinstance(queues, Mapping) else dict(enumerate(queues))
        if self.msi:
            if mapping is None:
                events = (CONFIG_EVENT, *(number + 1 for number in numbered))
                mapping = {event: event % self.vectors if self.sharing else event for event in events}
            for vector in sorted(vector for vector in {*mapping.values()} if vector < self.vectors):
                await self.configure(vector)
            for event, vector in mapping.items():
                if self.sharing:
                    await self.map(event, vector)
                self.vector_of[event] = vector
            await self.enable_msi()
        for number, queue in numbered.items():
            await self.set_up_queue(number, queue)
        if driver_ok:
            await self.driver_ok()

    async def driver_ok(self) -> None:
        """Tell the device that the driver is ready."""
        await self.add_status(StatusBit.DRIVER_OK)

    # Queues.

    async def set_up_queue(self, number: int, queue: DriverQueue | QueueLayout) -> None:
        """Announce a queue and make it ready (4.2.3.2).

        Raises:
            DeviceRefused: it does not exist, is too small, or is in use.
        """
        layout = queue.layout if isinstance(queue, DriverQueue) else queue
        async with self._together():
            await self.write(Register.QUEUE_SEL, number)
            if await self.read(Register.QUEUE_READY):
                raise DeviceRefused(f"queue {number} is ready before its time")
            most = await self.read(Register.QUEUE_NUM_MAX)
            if most < layout.size:
                raise DeviceRefused(f"queue {number} has at most {most} entries, not {layout.size}")
            pairs = [(Register.QUEUE_SEL, number), (Register.QUEUE_NUM, layout.size)]
            for low, high, address in (
                (Register.QUEUE_DESC_LOW, Register.QUEUE_DESC_HIGH, layout.descriptor_area),
                (Register.QUEUE_DRIVER_LOW, Register.QUEUE_DRIVER_HIGH, layout.driver_area),
                (Register.QUEUE_DEVICE_LOW, Register.QUEUE_DEVICE_HIGH, layout.device_area),
            ):
                pairs += [(low, address), (high, address >> 32)]
            await self.write_together(*pairs, (Register.QUEUE_READY, 1))
        self.rings[number] = queue if isinstance(queue, DriverQueue) else None

    async def stop_queue(self, number: int) -> None:
        """Take a queue out of use, and wait until the device has done with its memory (MMIO-38).

        Raises:
            DeviceRefused: QueueReady does not read 0 within *patience* reads.
        """
        async with self._together():
            await self.write_together((Register.QUEUE_SEL, number), (Register.QUEUE_READY, 0))
            for _ in range(self.patience):
                if not await self.read(Register.QUEUE_READY):
                    break
            else:
                raise DeviceRefused(f"queue {number} does not stop")
        self.rings.pop(number, None)

    async def kick(self, number: int, value: int | None = None) -> None:
        """Notify the device of available buffers, at the doorbell if there is one.

        Args:
            value: to write; default: what the queue says, which knows its position (NOTIFICATION_DATA).
        """
        if value is None:
            queue = self.rings.get(number)
            value = queue.kick_value(number) if queue is not None else number
        offset: int = Register.QUEUE_NOTIFY
        if self.doorbells is not None:
            offset = self.doorbells[0] + number * self.doorbells[1]
        await self.write(offset, value)

    async def kick_if_needed(self, number: int) -> bool:
        """Kick a queue if the device wants to hear of what was published; returns whether."""
        queue = self.rings[number]
        if queue is not None and not queue.kick_needed():
            return False
        await self.kick(number)
        return True

    # MSI commands of the proposal. Selectors and command go together.

    def message_of(self, vector: int) -> tuple[int, int]:
        """(address, data) of the message of a vector."""
        return message_of(vector)

    async def command(self, command: MsiCommand, vector: int | None = None, queue: int | None = None) -> None:
        """Give an MSI command, after selecting the vector and the queue that are named."""
        selected = ((Register.QUEUE_SEL, queue), (Register.MSI_VEC_SEL, vector))
        async with self._together():
            pairs = [(register, value) for register, value in selected if value is not None]
            await self.write_together(*pairs, (Register.MSI_CMD, command))

    async def enable_msi(self) -> None:
        """From the line to messages."""
        await self.command(MsiCommand.ENABLE)

    async def disable_msi(self) -> None:
        """From messages back to the line."""
        await self.command(MsiCommand.DISABLE)

    async def configure(self, vector: int, address: int | None = None, data: int | None = None) -> None:
        """Give a vector its message; default: message_of(). Address 0 takes the message away."""
        if address is None or data is None:
            address, data = self.message_of(vector)
        async with self._together():
            await self.write_together(
                (Register.MSI_VEC_SEL, vector),
                (Register.MSI_ADDR_LOW, address),
                (Register.MSI_ADDR_HIGH, address >> 32),
                (Register.MSI_DATA, data),
                (Register.MSI_CMD, MsiCommand.CONFIGURE),
            )

    async def mask(self, vector: int) -> None:
        """Hold the messages of a vector."""
        await self.command(MsiCommand.MASK, vector)

    async def unmask(self, vector: int) -> None:
        """Let the messages of a vector go."""
        await self.command(MsiCommand.UNMASK, vector)

    async def map(self, event: int, vector: int) -> None:
        """Report an event by a vector, or by none (NO_VECTOR); event 0 is the configuration change, q + 1 queue q."""
        if event == CONFIG_EVENT:
            await self.command(MsiCommand.MAP_CONFIG, vector)
        else:
            await self.command(MsiCommand.MAP_QUEUE, vector, event - 1)
        self.vector_of[event] = vector

    async def map_config(self, vector: int) -> None:
        """Report configuration changes by a vector."""
        await self.map(CONFIG_EVENT, vector)

    async def map_queue(self, queue: int, vector: int) -> None:
        """Report used buffers of a queue by a vector."""
        await self.map(queue + 1, vector)

    # Interrupts and configuration.

    async def acknowledge(self) -> InterruptBit:
        """Read InterruptStatus and acknowledge what it shows, before anything is handled; returns that."""
        status = await self.read(Register.INTERRUPT_STATUS)
        await self.write(Register.INTERRUPT_ACK, status)
        return InterruptBit(status & 3)

    async def needs_reset(self) -> bool:
        """Whether the device has stopped and wants a reset."""
        return bool(await self.status() & StatusBit.DEVICE_NEEDS_RESET)

    async def read_config(self, offset: int, size: int) -> int:
        """One field of 1, 2, 4 or 8 bytes at byte *offset* of the configuration, by accesses of its width (4.2.2.2)."""
        where = CONFIG_WINDOW_OFFSET + offset
        if size == 8:
            low = await self.read_bytes(where, 4)
            return low | await self.read_bytes(where + 4, 4) << 32
        return await self.read_bytes(where, size)

    async def read_configs(self, *fields: tuple[int, int]) -> list[int]:
        """Several (offset, size) that belong together: again as long as ConfigGeneration changes (2.5.1).

        Raises:
            DeviceRefused: it changed *patience* times.
        """
        for _ in range(self.patience):
            before = await self.read(Register.CONFIG_GENERATION)
            values = [await self.read_config(*each) for each in fields]
            if await self.read(Register.CONFIG_GENERATION) == before:
                return values
        raise DeviceRefused("ConfigGeneration never stays the same")

    async def write_config(self, offset: int, value: int, size: int) -> None:
        """Write one field of 1, 2, 4 or 8 bytes at byte *offset* of the configuration."""
        where = CONFIG_WINDOW_OFFSET + offset
        for part in range(0, size, 4):
            await self.write_bytes(where + part, value >> 8 * part & 0xFFFF_FFFF, min(size, 4))

    @contextlib.asynccontextmanager
    async def _together(self) -> AsyncIterator[None]:
        """Keep others out. Unlike cocotb's Lock, this one costs no time step when nobody is there."""
        if self._busy:
            turn = Event()
            self._turns.append(turn)
            await turn.wait()
        self._busy = True
        try:
            yield
        finally:
            self._busy = bool(self._turns)  # handed over: nobody can come in between
            if self._turns:
                self._turns.popleft().set()
