# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What a device of rtl/devices has behind it: a disk's memory, a terminal, a network, a source of random words."""

import hashlib
import mmap
import random
from collections import deque
from collections.abc import Callable
from typing import Any

import cocotb
from cocotb.triggers import Event, RisingEdge
from cocotbext.virtio.devices.block import SECTOR
from cocotbext.virtio.memory_transactions import MemoryWrite
from cocotbext.virtio.rings import PlainMemory

from sim.cosim.burst_memory import BurstMemory
from sim.cosim.device_interface import DeviceInterface
from sim.cosim.functions import DISK_SECTORS, GROWTH, disk_content

MAC = 0x5254_0012_3456
RTL_DISK_NAME = b"virtio-mmio-blk"  # the default of DISK_ID


class Surroundings:
    """Base: drives nothing.

    Args:
        dut: the device.
        interface: its other ports.
        seed: of contents and delays.
        machine: $COSIM.

    Attributes:
        config_changes: called when the device is about to tell of a new configuration.
    """

    def __init__(self, dut: Any, interface: DeviceInterface, seed: int, machine: dict) -> None:
        self.dut, self.interface, self.clock = dut, interface, interface.clock
        self.seed, self.rng = seed, random.Random(f"surroundings {seed}")
        self.config_changes: list[Callable[[], None]] = []
        self.moved = self._seen = 0  # what has passed at the ports, and what of it was seen

    @property
    def busy(self) -> bool:
        """Whether anything has passed since the last look. What is offered and not taken does not count."""
        before, self._seen = self._seen, self.moved
        return before != self._seen

    def describe(self) -> dict:
        """What the guest's own findings are compared with, ready for JSON."""
        return {}


class RandomSource(Surroundings):
    """Random words for virtio_mmio_rng, each given once."""

    def __init__(self, dut: Any, interface: DeviceInterface, seed: int, machine: dict) -> None:
        super().__init__(dut, interface, seed, machine)
        self._given = bytearray()
        dut.random_valid.value = 0
        cocotb.start_soon(self._run())

    async def _run(self) -> None:
        dut, rng, edge = self.dut, self.rng, self.clock.edge
        asked, offered, word = RisingEdge(dut.random_ready), False, 0
        while True:
            if not offered and str(dut.random_ready.value) != "1":
                await asked
            await edge
            if offered and dut.random_ready.value:
                self.moved += 1
                self._given += word.to_bytes(4, "little")
                offered = False
            if not offered and rng.random() < 0.7:
                word, offered = rng.getrandbits(32), True
                dut.random_data.value = word
            dut.random_valid.value = int(offered)

    def describe(self) -> dict:
        return {"given": self._given.hex()}


class Terminal(Surroundings):
    """A terminal for virtio_mmio_console.

    It sends back what it is sent, in capitals; or, where the machine says what is to be typed, it answers each prompt.
    """

    def __init__(self, dut: Any, interface: DeviceInterface, seed: int, machine: dict) -> None:
        super().__init__(dut, interface, seed, machine)
        self._answers: list[list[str]] = machine["typed"]
        self._output, self._unanswered = bytearray(), bytearray()
        self._typed: deque[int] = deque()
        self._wake = Event()
        dut.cols.value, dut.rows.value = 80, 25
        dut.m_axis_tx_tready.value = dut.s_axis_rx_tvalid.value = 0
        self._echoes = not self._answers
        cocotb.start_soon(self._show())
        cocotb.start_soon(self._send())

    def _type(self, text: bytes) -> None:
        self._typed += text
        self._wake.set()

    def _shown(self, byte: int) -> None:
        self._output.append(byte)
        if self._echoes:
            self._type(bytes([byte]).upper())
        elif self._answers:
            self._unanswered.append(byte)
            prompt, answer = self._answers[0]
            if self._unanswered.endswith(prompt.encode()):
                self._answers.pop(0)
                self._type(answer.encode())

    async def _show(self) -> None:
        dut, edge, come, ready = self.dut, self.clock.edge, RisingEdge(self.dut.m_axis_tx_tvalid), False
        while True:
            if str(dut.m_axis_tx_tvalid.value) != "1":
                await come
            await edge
            if ready and dut.m_axis_tx_tvalid.value:
                self.moved += 1
                self._shown(int(dut.m_axis_tx_tdata.value))
            ready = self.rng.random() < 0.7
            dut.m_axis_tx_tready.value = int(ready)

    async def _send(self) -> None:
        dut, edge = self.dut, self.clock.edge
        while True:
            if not self._typed:
                self._wake.clear()
                await self._wake.wait()
            await edge
            dut.s_axis_rx_tdata.value, dut.s_axis_rx_tvalid.value = self._typed[0], 1
            await edge
            while not dut.s_axis_rx_tready.value:
                await edge
            dut.s_axis_rx_tvalid.value = 0
            self.moved += 1
            self._typed.popleft()

    def describe(self) -> dict:
        return {"output": self._output.decode(errors="replace"), "unanswered": len(self._answers)}


class MemoryDisk(Surroundings):
    """The memory behind ``d_axi`` of virtio_mmio_blk_axi: the machine's file, or else random content.

    Random content is DISK_SECTORS sectors, and grows by GROWTH when the driver has been told the disk's name.
    """

    def __init__(self, dut: Any, interface: DeviceInterface, seed: int, machine: dict) -> None:
        super().__init__(dut, interface, seed, machine)
        if machine["disk"]:
            with open(machine["disk"], "r+b") as file:
                self._memory = PlainMemory(0, data=memoryview(mmap.mmap(file.fileno(), 0)))
        else:
            self._content = disk_content(seed)
            self._memory = PlainMemory(0, data=bytearray(self._content.randbytes(DISK_SECTORS * SECTOR)))
            interface.memory.on_write(self._written)
        self._axi = BurstMemory(dut, "d_axi", self.clock, self._memory, interface.word, self.rng)
        self._bytes = {"read": 0, "written": 0}
        self._axi.on_read(lambda read: self._moved("read", read.length))
        self._axi.on_write(lambda write: self._moved("written", write.strobes.bit_count()))
        dut.capacity.value, dut.read_only.value = len(self._memory.data) // SECTOR, 0

    def _moved(self, what: str, number: int) -> None:
        self._bytes[what] += number

    def _written(self, write: MemoryWrite) -> None:
        """The device wrote to the guest's memory: its name, perhaps."""
        if write.strobes.bit_count() <= 20 and RTL_DISK_NAME in write.data:
            old = bytes(self._memory.data)
            self._axi.memory = self._memory = PlainMemory(
                0, data=bytearray(old + self._content.randbytes(GROWTH * SECTOR))
            )
            self.dut.capacity.value = len(self._memory.data) // SECTOR
            for callback in self.config_changes:
                callback()

    @property
    def busy(self) -> bool:
        self.moved = self._axi.beats
        return super().busy or self._axi.outstanding

    def describe(self) -> dict:
        data = bytes(self._memory.data)
        return self._bytes | {
            "sectors": len(data) // SECTOR,
            "md5": hashlib.md5(data).hexdigest(),
            "md5_before_growth": hashlib.md5(data[: DISK_SECTORS * SECTOR]).hexdigest(),
            "name": RTL_DISK_NAME.decode(),
        }


class Mirror(Surroundings):
    """A network for virtio_mmio_net: each IPv4 frame comes back with source and destination exchanged.

    So everybody the driver talks to is the driver itself. Headers and data of each frame are checked by their sums,
    which do not change; other frames are dropped.
    """

    def __init__(self, dut: Any, interface: DeviceInterface, seed: int, machine: dict) -> None:
        super().__init__(dut, interface, seed, machine)
        self.counts = dict.fromkeys(("frames", "bytes", "dropped", "damaged"), 0)
        self._beats: list[tuple[int, int]] = []
        self._sending: deque[bytes] = deque()
        self._wake = Event()
        self._width = len(dut.m_axis_tx_tdata) // 8
        dut.mac.value, dut.link_up.value = MAC, 1
        dut.m_axis_tx_tready.value = dut.s_axis_rx_tvalid.value = 0
        cocotb.start_soon(self._take())
        cocotb.start_soon(self._send())

    async def _take(self) -> None:
        dut, edge, come, ready = self.dut, self.clock.edge, RisingEdge(self.dut.m_axis_tx_tvalid), False
        frame = bytearray()
        while True:
            if str(dut.m_axis_tx_tvalid.value) != "1":
                await come
            await edge
            if ready and dut.m_axis_tx_tvalid.value:
                self.moved += 1
                keep = int(dut.m_axis_tx_tkeep.value)
                assert keep & keep + 1 == 0, f"tkeep is {keep:#b}"
                frame += int(dut.m_axis_tx_tdata.value).to_bytes(self._width, "little")[: keep.bit_count()]
                if dut.m_axis_tx_tlast.value:
                    self._frame(bytes(frame))
                    frame.clear()
            ready = self.rng.random() < 0.9
            dut.m_axis_tx_tready.value = int(ready)

    def _frame(self, frame: bytes) -> None:
        self.counts["frames"] += 1
        self.counts["bytes"] += len(frame)
        if frame[12:14] != b"\x08\x00":
            self.counts["dropped"] += 1
            return
        self.counts["damaged"] += not intact(frame[14:])
        self._sending.append(frame[6:12] + frame[:6] + frame[12:26] + frame[30:34] + frame[26:30] + frame[34:])
        self._wake.set()

    async def _send(self) -> None:
        dut, edge, width = self.dut, self.clock.edge, self._width
        while True:
            if not self._sending:
                self._wake.clear()
                await self._wake.wait()
            frame = self._sending[0]
            for start in range(0, len(frame), width):
                part = frame[start : start + width]
                await edge
                dut.s_axis_rx_tdata.value = int.from_bytes(part, "little")
                dut.s_axis_rx_tkeep.value = (1 << len(part)) - 1
                dut.s_axis_rx_tlast.value = int(start + width >= len(frame))
                dut.s_axis_rx_tvalid.value = 1
                await edge
                while not dut.s_axis_rx_tready.value:
                    await edge
                dut.s_axis_rx_tvalid.value = 0
                self.moved += 1
            self._sending.popleft()

    def describe(self) -> dict:
        return self.counts


def intact(packet: bytes) -> bool:
    """Whether the checksums of an IPv4 packet are right: its header's, and that of ICMP, TCP or UDP in it."""
    header, length, protocol = 4 * (packet[0] & 15), int.from_bytes(packet[2:4], "big"), packet[9]
    if _sum(packet[:header]) != 0xFFFF:
        return False
    content = packet[header:length]
    if protocol == 1:
        return _sum(content) == 0xFFFF
    return _sum(packet[12:20] + bytes([0, protocol]) + len(content).to_bytes(2, "big") + content) == 0xFFFF


def _sum(data: bytes) -> int:
    """The Internet checksum (RFC 1071), not inverted."""
    total = sum(int.from_bytes(data[start : start + 2].ljust(2, b"\0"), "big") for start in range(0, len(data), 2))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total


SURROUNDINGS = {  # top -> class
    "virtio_mmio_rng": RandomSource,
    "virtio_mmio_console": Terminal,
    "virtio_mmio_blk_axi": MemoryDisk,
    "virtio_mmio_net": Mirror,
}
