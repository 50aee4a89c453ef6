"""Gives lists to the transactors of the harness."""

from collections import deque

import cocotb
from cocotb.simtime import get_sim_time

from tb.fast.at_start import at_start

LIST = 64  # entries that fit into the list
_AHEAD = 8  # entries left when more are given; some of them are only not answered yet
_ROOM = 192  # entries that may wait in the transactor, which has room for 256


class ListPort:
    """Gives entries to a list of send_channel.v or message_responder.v.

    The transactor looks when the simulator goes on: what is given twice in a row without that, as two tasks do that wake in
    one time step, is given together.

    Args:
        clocking: the bench's clock.
        done: handle of the number of entries done with, modulo 256.
        given, entries: handles of what is given; one: handle for a single one, if there is one.
        size: bytes of an entry.
    """

    def __init__(self, clocking, done, given, entries, one, size: int):
        self._clocking = clocking
        self._done, self._given, self._list, self._one = done, given, entries, one
        self._size = size
        self.total = at_start(done) & 0xFF
        self._given.value = self.total
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

    def _put(self, entries: list[bytes], step: int) -> None:
        self.total = self.total + len(entries) & 0xFF
        if step == self._step:
            entries = self._together + entries
        self._step, self._together = step, entries
        if len(entries) == 1 and self._one is not None:
            self._one.value = int.from_bytes(entries[0], "little")
        else:
            self._list.value = int.from_bytes(b"".join(entries), "little")
        late = 0 if self._clocking.edge_at(step) else 1 << 16
        self._given.value = late | len(entries) << 8 | self.total

    def clear(self) -> None:
        """Give nothing of what is not given yet."""
        self._backlog.clear()

    def _feed_later(self, entries: list[bytes]) -> None:
        if not self._backlog:
            cocotb.start_soon(self._feed())
        self._backlog.extend(entries)

    async def _feed(self) -> None:
        """An entry takes a cycle at least, so nobody waits for more while as many cycles pass as there are entries."""
        waiting = LIST
        while self._backlog:
            await self._clocking.cycles(max(1, waiting - _AHEAD))
            waiting = self.total - int(self._done.value) & 0xFF
            chunk = [self._backlog.popleft() for _ in range(min(LIST, _ROOM - waiting, len(self._backlog)))]
            if chunk:
                self._put(chunk, get_sim_time("step"))
                waiting += len(chunk)
