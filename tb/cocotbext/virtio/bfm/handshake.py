# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""A valid/ready channel: passive monitor, sender, receiver's ready."""

import random
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

import cocotb
from cocotb.triggers import Event, RisingEdge
from cocotb_bus.monitors import BusMonitor
from cocotbext.virtio.channel import Channel, Transfer
from cocotbext.virtio.clock_reset import ClockReset
from cocotbext.virtio.handles import Bit, Dut, Signal
from cocotbext.virtio.randomness import Rng


def optional(dut: Dut, name: str) -> Any | None:
    """The handle of a port of *dut*, None when the design does not have it."""
    return getattr(dut, name, None)


class ChannelMonitor(BusMonitor):
    """Publishes a :class:`Transfer` when it is taken, and on request when it is first presented.

    It sleeps on ``valid``'s rising edge and samples once a cycle only while ``valid`` is high. What it
    sees on the way that no channel may do (valid withdrawn, payload changed, unknown bits) it hands to
    :meth:`on_violation`; judging is left to ``cocotbext.virtio.checks``.

    Args:
        dut: the design.
        prefix: port name up to ``valid``/``ready``, such as ``s_axil_aw``.
        payload: the channel's payload signals, without the prefix.
        clock: the design's clock and reset.
    """

    def __init__(self, dut: Dut, prefix: str, payload: tuple[str, ...], clock: ClockReset) -> None:
        self._signals = {name: name for name in ("valid", "ready", *payload)}
        self._clock = clock
        self._payload_names = payload
        self._presented_callbacks: list[Callable[[Transfer], None]] = []
        self._violation_callbacks: list[Callable[[int, str], None]] = []
        self.waiting_limit: int | None = None
        self.prefix = prefix
        self.current: Transfer | None = None
        super().__init__(dut, prefix, clock.clk, bus_separator="", case_insensitive=False)

    @property
    def offered(self) -> tuple[int, ...] | None:
        """The payload on the wires in this cycle, None without valid."""
        if not self.bus.valid.value:
            return None
        return tuple(int(getattr(self.bus, name).value) for name in self._payload_names)

    def on_presented(self, callback: Callable[[Transfer], None]) -> None:
        """Call *callback* in the first cycle in which valid is high for a transfer."""
        self._presented_callbacks.append(callback)

    def on_violation(self, callback: Callable[[int, str], None]) -> None:
        """Call *callback* with (cycle, text) when the channel breaks a valid/ready rule."""
        self._violation_callbacks.append(callback)

    def _violation(self, text: str) -> None:
        for callback in self._violation_callbacks:
            callback(self._clock.cycle, f"{self.prefix}: {text}")

    def _sample(self, handles: Sequence[Signal]) -> tuple[int, ...]:
        """The values, () if bits of them are unknown."""
        try:
            return tuple([int(handle.value) for handle in handles])
        except ValueError:
            self._violation(f"unknown bits in the payload while {self.prefix}valid is high")
            return ()

    def _level(self, handle: Bit, name: str) -> bool:
        try:
            return bool(handle.value)
        except ValueError:
            self._violation(f"{self.prefix}{name} is unknown")
            return False

    async def _monitor_recv(self) -> None:
        clock = self._clock
        edge = clock.edge
        valid, ready = self.bus.valid, self.bus.ready
        handles = [getattr(self.bus, name) for name in self._payload_names]
        rises = RisingEdge(valid)
        while True:
            if clock.in_reset:
                await clock.released.wait()
            if str(valid.value) != "1":
                await rises
            await edge
            transfer = None
            while not clock.in_reset:
                if not self._level(valid, "valid"):
                    if transfer is not None:
                        self._violation(f"valid withdrawn before ready (presented in cycle {transfer.presented})")
                    break
                payload = self._sample(handles)
                if transfer is None:
                    transfer = self.current = Transfer(clock.cycle, payload)
                    for callback in self._presented_callbacks:
                        callback(transfer)
                elif payload != transfer.payload:
                    self._violation(f"payload changed while waiting: {_text(transfer.payload)} -> {_text(payload)}")
                    transfer.payload = payload
                if self._level(ready, "ready"):
                    transfer.taken = clock.cycle
                    self.current = None
                    self._recv(transfer)
                    transfer = None
                elif self.waiting_limit is not None and clock.cycle - transfer.presented >= self.waiting_limit:
                    self._violation(
                        f"not accepted within {self.waiting_limit} cycles (presented in cycle {transfer.presented})"
                    )
                await edge
            self.current = None


def _text(payload: tuple[int, ...]) -> str:
    return "/".join(f"{value:#x}" for value in payload) or "unknown"


# Makes the monitor of a channel: design, prefix, payload names, clock.
ChannelMaker = Callable[[Dut, str, tuple[str, ...], ClockReset], Channel]


class SendChannel:
    """Sends queued payloads in order, one per cycle when nothing is in the way.

    Args:
        clock: the design's clock and reset.
        valid: handle of the valid signal; ready: handle of the ready signal.
        payload: handles of the payload signals, in the order of the values given to :meth:`send`.
    """

    def __init__(self, clock: ClockReset, valid: Bit, ready: Bit, payload: Sequence[Signal]) -> None:
        self._clock = clock
        self._valid, self._ready, self._payload = valid, ready, payload
        self._queue: deque[tuple[tuple[int, ...], int, Callable[[int], None] | None]] = deque()
        self._wake = Event()
        self._busy = False
        valid.value = 0
        for handle in payload:
            handle.value = 0
        clock.on_reset(self._abort)
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
        clock, edge = self._clock, self._clock.edge
        if clock.in_reset:
            await clock.released.wait()
        while True:
            if not self._queue:
                self._wake.clear()
                await self._wake.wait()
                if not clock.at_edge():
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
                taken(clock.cycle)


class ReadyDriver:
    """Drives ``ready`` high with a probability per cycle, or not at all while held.

    Between transfers it keeps the last level, so an offer meets either one. It costs nothing while
    ``valid`` is low or the level is constant. In a reset, where ``valid`` may be anything at first, nothing is drawn.
    What is set at an edge counts from that edge on, whatever order tasks wake in: the edge's draw is made with the
    settings before it, and the new level stands.

    Args:
        clock: the design's clock and reset.
        valid: handle to watch; ready: handle to drive.
        probability: of ready being high in a cycle, 0.0 to 1.0.
        rng: source of randomness.
    """

    def __init__(self, clock: ClockReset, valid: Bit, ready: Bit, probability: float = 1.0, rng: Rng = random) -> None:
        self._clock = clock
        self._valid, self._ready, self._rng = valid, ready, rng
        self._probability = probability
        self._held = False
        self._changed = Event()
        self._changed_in = -1  # cycle at whose edge the settings changed last
        self._certain_before = False  # whether the level was certain until then
        self._level: bool | None = None
        self._drive(probability > 0)
        cocotb.start_soon(self._run())

    @property
    def probability(self) -> float:
        """Of ready being high in a cycle."""
        return self._probability

    @probability.setter
    def probability(self, value: float) -> None:
        self._set(value, self._held)

    def hold(self) -> None:
        """Take nothing until :meth:`release`."""
        self._set(self._probability, True)

    def release(self) -> None:
        """Take again, with the probability set."""
        self._set(self._probability, False)

    def _set(self, probability: float, held: bool) -> None:
        if self._clock.at_edge() and self._changed_in != self._clock.cycle:
            self._changed_in = self._clock.cycle
            self._certain_before = self._certain()
        self._probability, self._held = probability, held
        self._drive(not self._held and self._probability > 0)
        self._changed.set()

    def _drive(self, level: bool) -> None:
        if level is not self._level:
            self._level = level
            self._ready.value = int(level)

    def _certain(self) -> bool:
        return self._held or self._probability in (0.0, 1.0)

    async def _run(self) -> None:
        edge, rises = self._clock.edge, RisingEdge(self._valid)
        while True:
            if self._certain():
                self._changed.clear()
                await self._changed.wait()
                continue
            if str(self._valid.value) != "1":
                await rises
            await edge
            changed = self._changed_in == self._clock.cycle
            if self._clock.in_reset or (self._certain_before if changed else self._certain()):
                continue
            level = self._rng.random() < self._probability
            if not changed:
                self._drive(level)
