# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The device-specific configuration window and ConfigGeneration, in pyuvm style."""

import random

import cocotb
import pyuvm
from cocotbext.virtio.bfm.axil_registers import Access, BusTiming
from cocotbext.virtio.bfm.knobs import Knobs
from cocotbext.virtio.config import EVENT_CONFIG
from cocotbext.virtio.registers import CONFIG_WINDOW_OFFSET, Register, StatusBit

from tb.tests.support.covers import covers
from tb.tests.support.directed import CHANGED, CONFIG, TIMEOUT
from tb.tests.support.directed_uvm_test import DirectedUvmTest

BYTES = CONFIG.config_bytes
END = CONFIG_WINDOW_OFFSET + BYTES


class ConfigSpaceTest(DirectedUvmTest):
    """A configuration space full of random bytes."""

    async def body(self):
        self.memory = self.env.interface.device_config
        self.memory.data[:] = random.randbytes(BYTES)
        self.before = bytes(self.memory.data)
        await self.write(Register.STATUS, StatusBit.ACKNOWLEDGE)
        await self.window()

    async def window(self):
        """What the test does with it."""
        raise NotImplementedError

    async def read_bytes(self, offset: int, size: int) -> int:
        """Read 1, 2 or 4 bytes the way a CPU does: the aligned word, of which it takes its lanes."""
        word = await self.read(CONFIG_WINDOW_OFFSET + offset)
        return word >> 8 * (offset % 4) & (1 << 8 * size) - 1

    async def write_bytes(self, offset: int, value: int, size: int) -> None:
        """Write 1, 2 or 4 bytes on their lanes."""
        lane = offset % 4
        await self.write(CONFIG_WINDOW_OFFSET + offset, value << 8 * lane, (1 << size) - 1 << lane)


@pyuvm.test(**TIMEOUT)
@covers("MMIO-4", "MMIO-7", "MMIO-9", "MMIO-10")
class ReadEveryWidth(ConfigSpaceTest):
    """Bytes, half-words and words at every place, before anything is negotiated; little endian."""

    async def window(self):
        for size in (1, 2, 4):
            for offset in random.sample(range(0, BYTES - size + 1, size), min(40, BYTES // size)):
                expected = int.from_bytes(self.before[offset : offset + size], "little")
                assert await self.read_bytes(offset, size) == expected, f"{size} bytes at {offset:#x}"
        assert not any(access.strobe for access in self.config_accesses)


@pyuvm.test(**TIMEOUT)
@covers("MMIO-7")
class WriteEveryWidth(ConfigSpaceTest):
    """Bytes, half-words and words change their own lanes and nothing else."""

    async def window(self):
        expected = bytearray(self.before)
        for size in (1, 2, 4):
            for offset in random.sample(range(0, BYTES - size + 1, size), min(24, BYTES // size)):
                value = random.getrandbits(8 * size)
                await self.write_bytes(offset, value, size)
                expected[offset : offset + size] = value.to_bytes(size, "little")
                assert self.memory.data == expected, f"{size} bytes at {offset:#x}"
        assert any(access.strobe for access in self.config_accesses)


@pyuvm.test(**TIMEOUT)
@covers("MMIO-7")
class AnyLanes(ConfigSpaceTest):
    """Every combination of byte lanes, at any address within the word; no lane at all is no access."""

    async def window(self):
        for strobe in range(16):
            for byte in range(4):
                expected = bytearray(self.memory.data)
                word = random.randrange(0, max(BYTES - 3, 1), 4)
                value = random.getrandbits(32)
                for lane in range(4):
                    if strobe >> lane & 1 and word + lane < BYTES:
                        expected[word + lane] = value >> 8 * lane & 0xFF
                accesses = len(self.config_accesses)
                await self.write(CONFIG_WINDOW_OFFSET + word + byte, value, strobe)
                await self.cycles(4)
                assert self.memory.data == expected, f"lanes {strobe:04b} at {word + byte:#x}"
                inside = (1 << min(BYTES - word, 4)) - 1
                assert len(self.config_accesses) - accesses == (strobe & inside != 0)


@pyuvm.test(**TIMEOUT)
@covers("MMIO-8", "MMIO-7")
class EndOfTheWindow(ConfigSpaceTest):
    """The last bytes work; what lies behind reads 0, ignores writes and never reaches the device."""

    async def window(self):
        for offset in range(max(0, BYTES - 8), BYTES):
            assert await self.read_bytes(offset, 1) == self.before[offset]
            await self.write_bytes(offset, self.before[offset] ^ 0xFF, 1)
            assert self.memory.data[offset] == self.before[offset] ^ 0xFF
        last = END - 1 & ~3
        assert await self.read(last) == int.from_bytes(self.memory.data[last - CONFIG_WINDOW_OFFSET :], "little")
        accesses = len(self.config_accesses)
        after = bytes(self.memory.data)
        for address in range(last + 4, min(END + 64, 1 << CONFIG.addr_width), 4):
            await self.write(address, 0xFFFFFFFF)
            assert await self.read(address) == 0, hex(address)
        assert self.memory.data == after
        if BYTES % 4:
            await self.write(last, 0xFFFFFFFF, 0xF << BYTES % 4 & 0xF)  # only lanes beyond the end
            assert self.memory.data == after
        await self.cycles(4)
        assert len(self.config_accesses) == accesses


@pyuvm.test(**TIMEOUT)
@covers("MMIO-7", "MMIO-5")
class ReadsBesideWrites(ConfigSpaceTest):
    """The window has one port: reads and writes at full speed share it, in order and without a mix-up."""

    async def window(self):
        words = range(0, BYTES - 3, 4)
        for _ in range(8):
            writes = {word: random.getrandbits(32) for word in random.sample(words, min(len(words), 16))}
            reads = [Access(False, CONFIG_WINDOW_OFFSET + word) for word in words if word not in writes]
            accesses = [Access(True, CONFIG_WINDOW_OFFSET + word, value) for word, value in writes.items()] + reads
            await self.burst(accesses)
            for read in reads:
                offset = read.address - CONFIG_WINDOW_OFFSET
                assert read.data == self.memory.word(offset), f"word {offset:#x}"
            for word, value in writes.items():
                assert self.memory.word(word) == value


@pyuvm.test(**TIMEOUT)
@covers("MMIO-7")
class NeitherStarves(ConfigSpaceTest):
    """Reads and writes of the window, back to back, take turns."""

    async def window(self):
        address = CONFIG_WINDOW_OFFSET
        writes, reads = ([Access(write, address, 0x5A, 1) for _ in range(24)] for write in (True, False))
        await self.burst(writes + reads)
        for write, read in zip(writes, reads):
            assert abs(write.completed - read.completed) <= 8, (
                f"read in cycle {read.completed}, write in {write.completed}"
            )


@pyuvm.test(**TIMEOUT)
@covers("MMIO-9")
class ReadableAtAnyTime(ConfigSpaceTest):
    """Configuration can be read and written before FEATURES_OK, while working, and after reset."""

    async def window(self):
        expected = int.from_bytes(self.before[:4].ljust(4, b"\0"), "little")
        for step in (self.negotiate, self.driver_ok, lambda: self.write(Register.STATUS, 0)):
            assert await self.read(CONFIG_WINDOW_OFFSET) == expected
            await step()
            assert await self.read(CONFIG_WINDOW_OFFSET) == expected


@pyuvm.test(**TIMEOUT)
@covers("MMIO-56", "MMIO-57", "MMIO-58")
class Generation(ConfigSpaceTest):
    """ConfigGeneration shows the device's counter, all 32 bits; the driver's writes and a reset leave it alone."""

    async def window(self):
        await self.bring_up(msi=False)
        for value in (0, 1, 0x80000000, 0xFFFFFFFF, *(1 << bit for bit in range(32))):
            self.memory.generation = value
            await self.cycles(2)
            assert await self.read(Register.CONFIG_GENERATION) == value
            assert await self.read(Register.CONFIG_GENERATION) == value
        await self.write(Register.CONFIG_GENERATION, 0)
        await self.write_bytes(0, 1, 1)
        assert await self.read(Register.CONFIG_GENERATION) == value
        self.memory.change(0, b"\x55")
        await self.event(EVENT_CONFIG)
        await self.expect_line(CHANGED)
        assert await self.read(Register.CONFIG_GENERATION) == (value + 1) & 0xFFFFFFFF
        assert await self.read_bytes(0, 1) == 0x55
        await self.write(Register.STATUS, 0)
        assert await self.read(Register.CONFIG_GENERATION) == (value + 1) & 0xFFFFFFFF
        assert not await self.read(Register.STATUS) & StatusBit.DRIVER_OK


@pyuvm.test(**TIMEOUT)
@covers("MMIO-56")
class TornRead(ConfigSpaceTest):
    """A driver that reads 64 bits between two equal generations never mixes old and new, while the device changes
    it."""

    async def window(self):
        if BYTES < 8:
            return
        self.memory.change(0, bytes(8))
        for turn in range(1, 12):
            self.change_at(random.randint(2, 30), turn)
            while True:
                generation = await self.read(Register.CONFIG_GENERATION)
                low, high = await self.read(CONFIG_WINDOW_OFFSET), await self.read(CONFIG_WINDOW_OFFSET + 4)
                if generation == await self.read(Register.CONFIG_GENERATION):
                    break
            assert low == high, "mixed"
            await self.cycles(32)
            assert await self.read(CONFIG_WINDOW_OFFSET) == turn

    def change_at(self, delay: int, value: int) -> None:
        """Change all 8 bytes at once, some cycles from now."""

        async def later():
            await self.cycles(delay)
            self.memory.change(0, value.to_bytes(4, "little") * 2)

        cocotb.start_soon(later())


@pyuvm.test(**TIMEOUT)
@covers("MMIO-7")
class FourWritesAhead(ConfigSpaceTest):
    """While no response is taken, four writes are done and the others wait."""

    async def window(self):
        interface = self.interface
        words = range(0, min(BYTES - 3, 32), 4)
        for gap in (0, 6):
            del self.config_accesses[:]
            interface.behave(Knobs(registers=BusTiming(bready=0.0, gap=(gap, gap))))
            writes = [
                interface.registers.submit(Access(True, CONFIG_WINDOW_OFFSET + offset, random.getrandbits(32)))
                for offset in words
            ]
            await interface.clock.cycles(100)
            done = [access for access in self.config_accesses if access.strobe]
            assert len(done) == min(4, len(writes)), f"{len(done)} writes are done"
            interface.behave(Knobs())
            for write in writes:
                await write.wait()
            for offset, write in zip(words, writes, strict=True):
                assert self.memory.word(offset) == write.data
