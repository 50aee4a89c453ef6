# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Reads what tb/cocotbext/virtio/fast/harness/recorder.v has recorded."""

from collections.abc import Callable, Sequence

from cocotbext.virtio.clock_reset import ClockReset
from cocotbext.virtio.fast.kinds import Kind
from cocotbext.virtio.fast.record_ports import at_start, record
from cocotbext.virtio.fast.serve import serve
from cocotbext.virtio.handles import Dut

_ACKNOWLEDGED = 128  # entries read until the recorder is told


class RecordStream:
    """Delivers the entries in order, each to whoever has asked for its kind.

    Nothing happens by itself but this: entries of a prompt kind are delivered in their own cycle, and all entries
    before
    the recorder's memory is full. Otherwise whoever wants to know calls :meth:`drain`.

    Args:
        dut: the harness.
        clock: the bench's clock, not started yet.

    Attributes:
        cycle: of the entry that is being delivered, or was last.
        delivering: True while entries are delivered.
    """

    _sessions = 0  # in this simulation

    def __init__(self, dut: Dut, clock: ClockReset) -> None:
        RecordStream._sessions = RecordStream._sessions % 255 + 1
        dut.fast_session.value = RecordStream._sessions
        dut.fast_prompt.value = 0
        self._tail_port, self._prompt_port = dut.fast_tail, dut.fast_prompt
        self._since = record(dut)
        self._tail = self._acknowledged = at_start(dut.fast_head)
        self._tail_port.value = self._tail
        self._base = at_start(dut.fast_cycle)  # rising edges before this bench's first
        self._handlers: list[list[Callable[[int, int], None]]] = [[] for _ in range(32)]
        self._prompt = 0
        self._left: Sequence[int] = ()  # behind the entry that somebody did not like
        self.cycle = 0
        self.delivering = False
        clock.on_reset(self.drain)
        serve(clock, dut.fast_full, self.drain)
        serve(clock, dut.fast_noticed, self.drain)

    def on(self, kind: Kind, handler: Callable[[int, int], None], prompt: bool = False) -> None:
        """Call *handler* with (cycle, payload) of every entry of a kind; with *prompt* in its own cycle."""
        self._handlers[kind].append(handler)
        if prompt:
            self.hurry(kind)

    def hurry(self, *kinds: Kind) -> None:
        """From now on, entries of these kinds are delivered in their own cycle."""
        wanted = self._prompt
        for kind in kinds:
            wanted |= 1 << kind
        if wanted != self._prompt:
            self._prompt = wanted
            self._prompt_port.value = wanted

    def drain(self) -> None:
        """Deliver everything recorded so far."""
        if self.delivering:
            return
        head, words = self._since(self._tail)
        if head == self._tail and not self._left:
            return
        self._tail = head
        if (head - self._acknowledged & 0xFFFFFFFF) >= _ACKNOWLEDGED:
            self._acknowledged = head
            self._tail_port.value = head
        self._deliver([*self._left, *words] if self._left else words)

    def _deliver(self, words: Sequence[int]) -> None:
        handlers, cycle = self._handlers, self.cycle
        position = -1
        self.delivering = True
        try:
            for position, word in enumerate(words):  # noqa: B007 - used in case of an exception
                kind = word & 31
                if kind:
                    self.cycle = cycle = cycle + (word >> 5 & 0x7FF)
                    for handler in handlers[kind]:
                        handler(cycle, word >> 16)
                else:
                    self.cycle = cycle = (word >> 16) - self._base
        finally:
            self._left = words[position + 1 :]
            self.delivering = False
