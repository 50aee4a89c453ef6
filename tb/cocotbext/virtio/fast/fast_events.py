# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Driver of the event port, played by the harness."""

import random
from collections import deque
from collections.abc import Callable

from cocotb.triggers import Event
from cocotbext.virtio.bfm.events import EventSource
from cocotbext.virtio.clock_reset import ClockReset
from cocotbext.virtio.fast.command_fifo import CommandFifo
from cocotbext.virtio.fast.kinds import Kind
from cocotbext.virtio.fast.record_stream import RecordStream
from cocotbext.virtio.fast.serve import serve
from cocotbext.virtio.fast.verilator_native import present_step
from cocotbext.virtio.handles import Dut
from cocotbext.virtio.randomness import Rng, draw

_WAKE = 1 << 31
_LONGEST_GAP = (1 << 15) - 1


class FastEventSource(EventSource):
    """EventSource whose events are raised by the harness, in the same cycles.

    Args:
        dut: the harness.
        stream: the RecordStream.
        clock: the bench's clock.
        gap: (least, most) idle cycles before an event whose gap is not given.
        rng: source of randomness.
    """

    def __init__(
        self,
        dut: Dut,
        stream: RecordStream,
        clock: ClockReset,
        gap: tuple[int, int] = (0, 0),
        rng: Rng = random,
    ) -> None:
        self.gap = gap
        self._rng = rng
        self._stream = stream
        self._waiting: list[Event] = []
        self._callbacks: deque[Callable[[int], None] | None] = deque()  # one for each event not accepted yet
        self._port = CommandFifo(
            clock, dut.fast_events_done, dut.fast_event_given, dut.fast_event_list, dut.fast_event_one, 4
        )
        stream.on(Kind.EVENT, self._accepted)
        clock.on_reset(self._abort)
        serve(clock, dut.fast_event_woken, stream.drain)

    @property
    def idle(self) -> bool:
        """True when no event is queued or waiting for event_ready."""
        self._stream.drain()
        return not self._callbacks

    def submit(self, index: int, gap: int | None = None, accepted: Callable[[int], None] | None = None) -> None:
        """Queue an event and return at once; see EventSource."""
        self._callbacks.append(accepted)
        self._port.give([self._entry(index, gap, _WAKE if accepted else 0)], present_step())

    async def burst(self, indices: list[int], gap: int | None = 0) -> list[int | None]:
        """Raise events in order, back to back unless a gap is given; returns their cycles of acceptance."""
        cycles: list[int | None] = [None] * len(indices)
        if not indices:
            return cycles
        done = Event()
        last = len(indices) - 1

        def accepted(position: int) -> Callable[[int], None]:
            def at(cycle: int) -> None:
                cycles[position] = cycle
                if position == last:
                    done.set()

            return at

        self._callbacks.extend(map(accepted, range(len(indices))))
        entries = [self._entry(index, gap, _WAKE if position == last else 0) for position, index in enumerate(indices)]
        self._port.give(entries, present_step())
        self._waiting.append(done)
        await done.wait()
        self._waiting.remove(done)
        return cycles

    def _entry(self, index: int, gap: int | None, wake: int) -> bytes:
        delay = draw(self.gap, self._rng) if gap is None else gap
        if delay > _LONGEST_GAP:
            raise ValueError(f"a gap of {delay} cycles; the event player knows {_LONGEST_GAP} at most")
        return (index | delay << 16 | wake).to_bytes(4, "little")

    def _accepted(self, cycle: int, index: int) -> None:
        if self._callbacks:
            callback = self._callbacks.popleft()
            if callback:
                callback(cycle)

    def _abort(self) -> None:
        self._port.clear()
        self._callbacks.clear()
        super()._abort()
