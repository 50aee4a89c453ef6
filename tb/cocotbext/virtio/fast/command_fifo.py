# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Gives lists to the transactors of the harness."""

from collections import deque
from collections.abc import Callable

import cocotb
from cocotbext.virtio.clock_reset import ClockReset
from cocotbext.virtio.fast.record_ports import at_start
from cocotbext.virtio.fast.verilator_native import memory, present_step, writer
from cocotbext.virtio.handles import Signal

LIST = 64  # entries that fit into the list
_AHEAD = 8  # entries left when more are given; some of them are only not answered yet
_LATE = 1 << 16  # given behind the time step of a clock edge, and not in a reset, whose end is such a step
_ROOM = 192  # entries that may wait in the transactor, which has room for 256


def _bytes_writer(handle: Signal, size: int) -> Callable[[bytes], None]:
    """A function that writes up to *size* bytes to the lowest bits of a variable."""
    view = memory(handle._name, size)
    if view is not None:

        def write(content: bytes) -> None:
            view[: len(content)] = content
    else:

        def write(content: bytes) -> None:
            handle.value = int.from_bytes(content, "little")

    return write


class CommandFifo:
    """Gives entries to a list of send_channel.v or message_responder.v.

    The transactor looks when the simulator goes on: what is given twice in a row without that, as two tasks do that
    wake in
    one time step, is given together.

    Args:
        clock: the bench's clock.
        done: handle of the number of entries done with, modulo 256.
        given, entries: handles of what is given; one: handle for a single one.
        size: bytes of an entry.
    """

    def __init__(self, clock: ClockReset, done: Signal, given: Signal, entries: Signal, one: Signal, size: int) -> None:
        self._clock = clock
        self._done = done
        self._write_list, self._write_one = _bytes_writer(entries, LIST * size), _bytes_writer(one, size)
        self.total = at_start(done) & 0xFF
        given.value = self.total
        self._give = writer(given)
        self._together: list[bytes] = []
        self._step = -1
        self._backlog: deque[bytes] = deque()

    def give(self, entries: list[bytes], step: int) -> None:
        """Give entries, of which the first may take effect in the next cycle; *step* is the simulation time."""
        if self._backlog:
            self._backlog.extend(entries)
            return
        room = LIST if step != self._step else LIST - len(self._together)
        if len(entries) > room:
            self._backlog.extend(entries[room:])
            cocotb.start_soon(self._feed())
            entries = entries[:room]
        if entries:
            self._put(entries, step)

    def give_one(self, entry: bytes, step: int, at_edge: bool) -> None:
        """Give a single entry; the same as give(), in less time where it is alone in its time step.

        *at_edge* is what the clock says of the step.
        """
        if step == self._step or self._backlog:
            self.give([entry], step)
            return
        self._step, self._together = step, [entry]
        self.total = total = self.total + 1 & 0xFF
        self._write_one(entry)
        self._give((0 if at_edge or self._clock.in_reset else _LATE) | 1 << 8 | total)

    def _put(self, entries: list[bytes], step: int) -> None:
        self.total = self.total + len(entries) & 0xFF
        if step == self._step:
            entries = self._together + entries
        self._step, self._together = step, entries
        if len(entries) == 1:
            self._write_one(entries[0])
        else:
            self._write_list(b"".join(entries))
        late = 0 if self._clock.in_reset or self._clock.place(step)[1] else _LATE
        self._give(late | len(entries) << 8 | self.total)

    def clear(self) -> None:
        """Give nothing of what is not given yet."""
        self._backlog.clear()

    async def _feed(self) -> None:
        """An entry takes a cycle at least, so nobody waits for more while as many cycles pass as there are entries."""
        waiting = LIST
        while self._backlog:
            await self._clock.cycles(max(1, waiting - _AHEAD))
            waiting = self.total - int(self._done.value) & 0xFF
            chunk = [self._backlog.popleft() for _ in range(min(LIST, _ROOM - waiting, len(self._backlog)))]
            if chunk:
                self._put(chunk, present_step())
                waiting += len(chunk)
