# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The line and the message bus of a device that nobody trusts."""

import random
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

import cocotb
from cocotb.triggers import Event, First, ValueChange
from cocotbext.virtio.checks.violation import Report
from cocotbext.virtio.clock_reset import ClockReset
from cocotbext.virtio.handles import Dut

if TYPE_CHECKING:
    from cocotbext.virtio.scoreboard.device_run_log import DeviceRunLog

WRITE_PORT = ("awaddr", "awvalid", "awready", "wdata", "wstrb", "wvalid", "wready", "bresp", "bvalid", "bready")
REGISTER_PORT = (*WRITE_PORT, "araddr", "arvalid", "arready", "rdata", "rresp", "rvalid", "rready")
_Presented = tuple[int, tuple[int, ...]]  # cycle, payload


def require(dut: Dut) -> None:
    """Look for the ports that every device has, and for the others of a message bus that shows AWVALID.

    Raises:
        ValueError: some are missing, or the register bus has not 32 bits of data.
    """
    names = ["aclk", "aresetn", "irq", *(f"s_axil_{name}" for name in REGISTER_PORT)]
    if hasattr(dut, "m_axil_awvalid"):
        names += [f"m_axil_{name}" for name in WRITE_PORT]
    missing = [name for name in names if not hasattr(dut, name)]
    if missing:
        raise ValueError(f"the design has no {', '.join(missing)}")
    for name, bits in (("wdata", 32), ("rdata", 32), ("wstrb", 4)):
        if len(getattr(dut, f"s_axil_{name}")) != bits:
            raise ValueError(f"s_axil_{name} has {len(getattr(dut, f's_axil_{name}'))} bits, not {bits}")


class Line:
    """Samples irq at every change of it.

    Args:
        dut: the design; clock: the bench's clock; unknown: called once with (cycle, text) when irq is unknown.

    Attributes:
        level: the last level sampled, 0 while unknown; changes: (cycle, level) so far.
        callbacks: called with (cycle, level) at each change.
    """

    def __init__(self, dut: Dut, clock: ClockReset, unknown: Report) -> None:
        self._irq, self._clock, self._unknown = dut.irq, clock, unknown
        self.level = 0
        self.changes: list[tuple[int, int]] = []
        self._changed = Event()
        self.callbacks: list[Callable[[int, int], None]] = []
        self._told = False
        cocotb.start_soon(self._run())

    def on_change(self, callback: Callable[[int, int], None]) -> None:
        """Call *callback* with (cycle, level)."""
        self.callbacks.append(callback)

    @property
    def rises(self) -> list[int]:
        """Cycles in which the line rose."""
        return [cycle for cycle, level in self.changes if level]

    async def _run(self) -> None:
        change = ValueChange(self._irq)
        while True:
            await self._clock.edge
            text = str(self._irq.value)
            if text not in ("0", "1"):
                if not self._clock.in_reset and not self._told:
                    self._told = True
                    self._unknown(self._clock.cycle, "irq is unknown")
            elif int(text) != self.level and not self._clock.in_reset:
                self.level = int(text)
                self.changes.append((self._clock.cycle, self.level))
                for callback in self.callbacks:
                    callback(self._clock.cycle, self.level)
                self._changed.set()
                self._changed.clear()
            elif not self._clock.in_reset:
                await change


class MessageSink:
    """Takes messages on an AXI4-Lite write port and answers them.

    Args:
        dut: the design; prefix: of the signals, such as ``m_axil``; clock: the bench's clock.
        broken: called with (cycle, text) on a violation of AXI4-Lite; rng: source of delays.

    Attributes:
        messages: (cycle in which address and data were both presented, address, data) of all that were taken.
        ready: probability of READY in a cycle; latency: most cycles to the answer; response: BRESP.
        callbacks: called with (cycle, address, data) when a message was taken; log: told of every message.
    """

    def __init__(self, dut: Dut, prefix: str, clock: ClockReset, broken: Report, rng: random.Random) -> None:
        self._h = {name: getattr(dut, f"{prefix}_{name}") for name in WRITE_PORT}
        self._prefix, self._clock, self._broken, self._rng = prefix, clock, broken, rng
        self.messages: list[tuple[int, int, int]] = []
        self.ready, self.latency, self.response = 1.0, 1, 0
        self.callbacks: list[Callable[[int, int, int], None]] = []
        self.log: DeviceRunLog | None = None
        self._forget()
        clock.on_reset(self._forget)
        cocotb.start_soon(self._run())

    def on_message(self, callback: Callable[[int, int, int], None]) -> None:
        """Call *callback* with (cycle, address, data) when a message was taken."""
        self.callbacks.append(callback)

    @property
    def idle(self) -> bool:
        """True when nothing is presented or unanswered."""
        return not (
            self._held["aw"] or self._held["w"] or self._taken["aw"] or self._taken["w"] or self._answers or self._b_on
        )

    def _forget(self) -> None:
        self._held: dict[str, _Presented | None] = {"aw": None, "w": None}  # presented, not taken
        self._taken: dict[str, deque[_Presented]] = {"aw": deque(), "w": deque()}
        self._answers: deque[int] = deque()  # cycle from which on to answer
        self._b_on = False
        self._levels = {"aw": False, "w": False}
        for name in ("awready", "wready", "bvalid", "bresp"):
            self._h[name].value = 0

    def _payload(self, channel: str) -> tuple[int, ...]:
        texts = [str(self._h[channel + name].value) for name in (("addr",) if channel == "aw" else ("data", "strb"))]
        if any(set(text) - {"0", "1"} for text in texts):
            self._broken(self._clock.cycle, f"{self._prefix}_{channel} has unknown bits while valid")
            texts = ["".join(bit if bit in "01" else "0" for bit in text) for text in texts]
        return tuple(int(text, 2) for text in texts)

    async def _run(self) -> None:
        clock, h = self._clock, self._h
        wakes = [ValueChange(h["awvalid"]), ValueChange(h["wvalid"])]
        while True:
            await clock.edge
            if clock.in_reset:
                continue
            cycle = clock.cycle
            if self._b_on and str(h["bready"].value) == "1":
                self._b_on = False
                h["bvalid"].value = 0
                if self.log:
                    self.log.message_answered()
            busy = False
            for channel in ("aw", "w"):
                text, held = str(h[channel + "valid"].value), self._held[channel]
                if text == "1":
                    busy = True
                    payload = self._payload(channel)
                    if held is None:
                        held = self._held[channel] = (cycle, payload)
                        if self.log and channel == "aw":
                            self.log.message_started(payload[0])
                    elif held[1] != payload:
                        self._broken(cycle, f"{self._prefix}_{channel}: payload changed while waiting")
                        held = self._held[channel] = (held[0], payload)
                    if self._levels[channel]:
                        self._taken[channel].append(held)
                        self._held[channel] = None
                elif held is not None:
                    self._broken(cycle, f"{self._prefix}_{channel}valid withdrawn before ready")
                    self._held[channel] = None
                elif text != "0":
                    self._broken(cycle, f"{self._prefix}_{channel}valid is unknown")
                level = self.ready >= 1.0 or self._rng.random() < self.ready
                if level != self._levels[channel]:
                    self._levels[channel] = level
                    h[channel + "ready"].value = int(level)
            while self._taken["aw"] and self._taken["w"]:
                (shown, (address,)), (also, (data, strobe)) = self._taken["aw"].popleft(), self._taken["w"].popleft()
                if strobe != 0xF:
                    self._broken(cycle, f"{self._prefix}: a message with strobes {strobe:#x}")
                message = (max(shown, also), address, data)
                self.messages.append(message)
                if self.log:
                    self.log.message_taken(address, data)
                self._answers.append(cycle + self._rng.randint(1, self.latency))
                for callback in self.callbacks:
                    callback(*message)
            if self._answers and not self._b_on and self._answers[0] <= cycle + 1:
                self._answers.popleft()
                self._b_on = True
                h["bresp"].value = self.response
                h["bvalid"].value = 1
            if self.ready >= 1.0 and not (busy or self._answers or self._b_on) and all(self._levels.values()):
                await First(*wakes)
