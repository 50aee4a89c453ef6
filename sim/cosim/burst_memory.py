# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Python's side of a burst_memory (sim/flow/harness/burst_memory.v): a memory that is asked once a burst."""

import logging
import random
from collections.abc import Callable
from typing import Any

import cocotb
from cocotb.triggers import ValueChange
from cocotbext.virtio.clock_reset import ClockReset
from cocotbext.virtio.memory_transactions import DECERR, OKAY, MemoryRead, MemoryWrite
from cocotbext.virtio.rings import MemoryFault
from cocotbext.virtio.rings.memory import MemoryAccess


class BurstMemory:
    """Serves an AXI4 master of a BurstDesign, in order, each answer after a delay drawn at random.

    Args:
        dut: the wrapper.
        prefix: of the master, ``m_axi`` or ``d_axi``.
        clock: the ClockReset.
        memory: any object with ``read(address, length)`` and ``write(address, data)``; MemoryFault is answered DECERR.
        word: bytes of a bus word.
        rng: source of delays.

    Attributes:
        memory: may be replaced at any time.
        beats: of data, so far.
    """

    def __init__(
        self, dut: Any, prefix: str, clock: ClockReset, memory: MemoryAccess, word: int, rng: random.Random
    ) -> None:
        self.memory, self.beats = memory, 0
        self._dut, self._prefix, self._clock, self._word, self._rng = dut, prefix, clock, word, rng
        self._most = rng.randint(2, 12)  # cycles of delay
        self._waiting, self._wrong = self._signal("waiting"), self._signal("write_wrong")
        self._read_callbacks: list[Callable[[MemoryRead], None]] = []
        self._write_callbacks: list[Callable[[MemoryWrite], None]] = []
        self._log = logging.getLogger(f"cocotb.{prefix}")
        for way in ("read", "write"):
            for name in ("answer", "delay", "response"):
                self._signal(f"{way}_{name}").value = 0
        cocotb.start_soon(self._reads())
        cocotb.start_soon(self._writes())

    def on_read(self, callback: Callable[[MemoryRead], None]) -> None:
        """Call *callback* with every read when its data are looked up."""
        self._read_callbacks.append(callback)

    def on_write(self, callback: Callable[[MemoryWrite], None]) -> None:
        """Call *callback* with every write when its response has been taken."""
        self._write_callbacks.append(callback)

    @property
    def outstanding(self) -> bool:
        """Whether anything is not answered."""
        return str(self._waiting.value) == "1"

    def left_over(self) -> str | None:
        """What a master at rest has no right to leave behind, None when there is nothing."""
        if str(self._wrong.value) != "0":
            return "WLAST was not at the end of a burst"
        return "a burst is not complete" if self.outstanding else None

    def _signal(self, name: str) -> Any:
        return getattr(self._dut, f"{self._prefix}_{name}")

    def _issued(self, way: str) -> int:
        """Cycle in which the burst at hand was issued."""
        age = int(self._signal("now").value) - int(self._signal(f"{way}_issued").value)
        return self._clock.cycle - age

    async def _reads(self) -> None:
        shown, word, signal = ValueChange(self._signal("read_count")), self._word, self._signal
        address_of, length_of, data_of = signal("read_address"), signal("read_length"), signal("read_data")
        delay_of, response_of, answer_of = signal("read_delay"), signal("read_response"), signal("read_answer")
        answer = 0
        while True:
            await shown
            if self._clock.in_reset:
                continue
            address, beats = int(address_of.value), int(length_of.value) + 1
            base = address // word * word
            read = MemoryRead(address, base + beats * word - address, word, self._issued("read"))
            response = OKAY
            try:
                data = bytes(self.memory.read(base, beats * word))
            except MemoryFault as error:
                self._log.warning("%s answered DECERR: %s", read, error)
                response, data = DECERR, bytes(beats * word)
            read.data, read.response, read.answered = data[address - base :], response, self._clock.cycle
            data_of.value = int.from_bytes(data, "little")
            delay_of.value = self._rng.randint(0, self._most)
            response_of.value = response
            answer ^= 1
            answer_of.value = answer
            self.beats += beats
            for callback in self._read_callbacks:
                callback(read)

    async def _writes(self) -> None:
        word, signal = self._word, self._signal
        shown, done = ValueChange(signal("write_count")), ValueChange(signal("write_done"))
        address_of, length_of = signal("write_address"), signal("write_length")
        data_of, strobes_of = signal("write_data"), signal("write_strobes")
        delay_of, response_of, answer_of = signal("write_delay"), signal("write_response"), signal("write_answer")
        answer = 0
        while True:
            await shown
            if self._clock.in_reset:
                continue
            beats = int(length_of.value) + 1
            strobes = int(str(strobes_of.value)[: beats * word], 2)
            data = int(str(data_of.value)[: 8 * beats * word], 2).to_bytes(beats * word, "little")
            base = int(address_of.value) // word * word
            write = MemoryWrite(base, data, strobes, word, self._issued("write"))
            response = OKAY
            try:
                for start, part in write.runs():
                    self.memory.write(start, part)
            except MemoryFault as error:
                self._log.warning("%s answered DECERR: %s", write, error)
                response = DECERR
            delay_of.value = self._rng.randint(0, self._most)
            response_of.value = response
            answer ^= 1
            answer_of.value = answer
            self.beats += beats
            await done
            write.response, write.answered = response, self._clock.cycle
            for callback in self._write_callbacks:
                callback(write)
