"""Driver of one valid/ready channel, sender's side."""

from collections import deque
from collections.abc import Callable

import cocotb
from cocotb.triggers import Event


class SendChannel:
    """Sends queued payloads in order, one per cycle when nothing is in the way.

    Args:
        clocking: the bench's clock.
        valid: handle of the valid signal; ready: handle of the ready signal.
        payload: handles of the payload signals, in the order of the values given to :meth:`send`.
    """

    def __init__(self, clocking, valid, ready, payload):
        self._clocking = clocking
        self._valid, self._ready, self._payload = valid, ready, payload
        self._queue: deque = deque()
        self._wake = Event()
        self._busy = False
        valid.value = 0
        for handle in payload:
            handle.value = 0
        clocking.on_reset(self._abort)
        self._task = cocotb.start_soon(self._run())

    @property
    def idle(self) -> bool:
        """True when nothing is queued or on the wires."""
        return not self._queue and not self._busy

    def send(self, values: tuple[int, ...], delay: int = 0, taken: Callable[[int], None] | None = None) -> None:
        """Queue a payload.

        Args:
            values: one value per payload signal.
            delay: cycles to keep valid low before this payload, counted from its turn.
            taken: called with the cycle of the handshake.
        """
        self._queue.append((values, delay, taken))
        self._wake.set()

    def _abort(self) -> None:
        """Reset: whatever is queued or waiting is gone."""
        self._queue.clear()
        self._busy = False
        self._valid.value = 0
        self._task.cancel()
        self._task = cocotb.start_soon(self._run())

    async def _run(self) -> None:
        clocking, edge = self._clocking, self._clocking.edge
        if clocking.in_reset:
            await clocking.released.wait()
        while True:
            if not self._queue:
                self._wake.clear()
                await self._wake.wait()
                if not clocking.at_edge():
                    await edge
            values, delay, taken = self._queue.popleft()
            self._busy = True
            for _ in range(delay):
                await edge
            for handle, value in zip(self._payload, values):
                handle.value = value
            self._valid.value = 1
            await edge
            while not self._ready.value:
                await edge
            self._busy = False
            if not self._queue or self._queue[0][1]:
                self._valid.value = 0
            if taken is not None:
                taken(clocking.cycle)
