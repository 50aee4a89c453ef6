"""Reads what tb/harness/recorder.v has recorded."""

import struct
from collections.abc import Callable

from tb.fast.at_start import at_start
from tb.fast.kinds import Kind
from tb.fast.serve import serve

_RECENT = 4  # entries beside the number of all of them
_BANK = 32  # entries in a bank
_BANKS = 16
_ACKNOWLEDGED = 128  # entries read until the recorder is told
_WORD = (1 << 64) - 1
_unpack = struct.Struct(f"<{_BANK}Q").unpack


class RecordStream:
    """Delivers the entries in order, each to whoever has asked for its kind.

    Nothing happens by itself but this: entries of a prompt kind are delivered in their own cycle, and all entries before
    the recorder's memory is full. Otherwise whoever wants to know calls :meth:`drain`.

    Args:
        dut: the harness.
        clocking: the bench's clock, not started yet.

    Attributes:
        cycle: of the entry that is being delivered, or was last.
        delivering: True while entries are delivered.
    """

    _sessions = 0  # in this simulation

    def __init__(self, dut, clocking):
        RecordStream._sessions = RecordStream._sessions % 255 + 1
        dut.fast_session.value = RecordStream._sessions
        dut.fast_prompt.value = 0
        self._recent, self._tail_port, self._prompt_port = dut.fast_recent, dut.fast_tail, dut.fast_prompt
        self._banks = [dut.recorder.bank[number] for number in range(_BANKS)]
        self._tail = self._acknowledged = at_start(self._recent) >> 64 * _RECENT
        self._tail_port.value = self._tail
        self._base = at_start(dut.fast_cycle)  # rising edges before this bench's first
        self._handlers: list[list[Callable[[int, int], None]]] = [[] for _ in range(32)]
        self._prompt = 0
        self._left: list[int] = []  # behind the entry that somebody did not like
        self.cycle = 0
        self.delivering = False
        clocking.on_reset(self.drain)
        serve(clocking, dut.fast_full, self.drain)
        serve(clocking, dut.fast_noticed, self.drain)

    def on(self, kind: Kind, handler: Callable[[int, int], None], prompt: bool = False) -> None:
        """Call *handler* with (cycle, payload) of every entry of a kind; with *prompt* in its own cycle."""
        self._handlers[kind].append(handler)
        if prompt and not self._prompt >> kind & 1:
            self._prompt |= 1 << kind
            self._prompt_port.value = self._prompt

    def drain(self) -> None:
        """Deliver everything recorded so far."""
        if self.delivering:
            return
        recent = int(self._recent.value)
        head = recent >> 64 * _RECENT
        fresh = head - self._tail & 0xFFFFFFFF
        if fresh > _RECENT:
            words = self._read(self._tail, fresh)
        elif fresh:
            words = [recent >> 64 * place & _WORD for place in range(fresh - 1, -1, -1)]
        elif self._left:
            words = []
        else:
            return
        self._tail = head
        if (head - self._acknowledged & 0xFFFFFFFF) >= _ACKNOWLEDGED:
            self._acknowledged = head
            self._tail_port.value = head
        self._deliver(self._left + words if self._left else words)

    def _read(self, tail: int, fresh: int) -> list[int]:
        words: list[int] = []
        bank, first = tail // _BANK % _BANKS, tail % _BANK
        while len(words) < first + fresh:
            words += _unpack(int(self._banks[bank].value).to_bytes(8 * _BANK, "little"))
            bank = (bank + 1) % _BANKS
        return words[first:first + fresh]

    def _deliver(self, words: list[int]) -> None:
        handlers = self._handlers
        position = -1
        self.delivering = True
        try:
            for position, word in enumerate(words):  # noqa: B007 - used in case of an exception
                if word & 31:
                    cycle = self.cycle = self.cycle + (word >> 5 & 0x7FF)
                    for handler in handlers[word & 31]:
                        handler(cycle, word >> 16)
                else:
                    self.cycle = (word >> 16) - self._base
        finally:
            self._left = words[position + 1:]
            self.delivering = False
