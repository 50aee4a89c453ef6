# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Drives clock and reset of a design, and numbers the clock cycles."""

from collections.abc import Callable

import cocotb
from cocotb.clock import Clock
from cocotb.simtime import convert, get_sim_time
from cocotb.triggers import Event, FallingEdge, RisingEdge, Timer
from cocotbext.virtio.handles import Bit


class ClockReset:
    """Clock and active-low reset of a design.

    Cycle *n* is the n-th rising edge of the clock since :meth:`start`, and "in cycle n" means the values
    sampled at that edge, before the design changes them. Nothing runs per cycle: numbers come from the
    simulation time, and :attr:`in_reset` follows edges of the reset.

    Args:
        clk: handle of the clock input.
        reset_n: handle of the active-low reset input.
        period_ns: clock period in ns.

    Attributes:
        clk, reset_n: the handles.
        edge: trigger of the rising clock edge.
        in_reset: whether the reset is low.
        released: Event that is set while the reset is high.
        period_ns: clock period in ns.
    """

    def __init__(self, clk: Bit, reset_n: Bit, period_ns: float = 10) -> None:
        self.clk = clk
        self.reset_n = reset_n
        # Always the driven port: an edge of a derived clock samples after the edge under Verilator.
        self.edge = RisingEdge(self.clk)
        self.in_reset = True
        self.released = Event()
        self._on_reset: list[Callable[[], None]] = []
        self.period_ns = period_ns
        self._period = convert(period_ns, "ns", to="step")
        self._first_edge = 0

    def start(self) -> None:
        """Put the design into reset and start the clock; the first rising edge is cycle 1."""
        self.reset_n.value = 0
        self._run()
        self._first_edge = get_sim_time("step") + self._period // 2
        cocotb.start_soon(self._follow_reset())

    async def follow(self) -> None:
        """Number the cycles of a clock that somebody else drives at a constant period.

        Call it instead of :meth:`start`; returns at the second rising edge, cycle 2, with the period measured.
        """
        await self.edge
        self._first_edge = get_sim_time("step")
        await self.edge
        self._period = get_sim_time("step") - self._first_edge
        self.in_reset = str(self.reset_n.value) != "1"
        if not self.in_reset:
            self.released.set()
        cocotb.start_soon(self._follow_reset())

    def _run(self) -> None:
        """Start the clock, low."""
        Clock(self.clk, self.period_ns, "ns", impl="gpi").start(start_high=False)

    @property
    def cycle(self) -> int:
        """Number of the latest rising edge; 0 before the first one."""
        return self.place(get_sim_time("step"))[0]

    def place(self, step: int) -> tuple[int, bool]:
        """Number of the latest rising edge at a simulation time, in steps, and whether it is at that very time."""
        edges, since = divmod(step - self._first_edge, self._period)
        return edges + 1, not since and edges >= 0

    def time_of(self, cycle: int) -> float:
        """Simulation time of a cycle's rising edge, in ns: where to look in a waveform."""
        return convert(self._first_edge + (cycle - 1) * self._period, "step", to="ns")

    def at_edge(self) -> bool:
        """True in the time step of a rising edge, when a driver may drive for the next cycle at once."""
        return self.place(get_sim_time("step"))[1]

    async def cycles(self, count: int) -> None:
        """Wait for *count* rising edges (a Timer skips the ones in between)."""
        if count <= 0:
            return
        await self.edge
        if count > 2:
            await Timer(self._period * (count - 2) + self._period // 2, "step")
            count = 2
        if count == 2:
            await self.edge

    def on_reset(self, callback: Callable[[], None]) -> None:
        """Call *callback* whenever the reset falls: monitors forget, drivers withdraw."""
        self._on_reset.append(callback)

    async def reset(self, cycles: int = 4) -> None:
        """Hold the reset low for *cycles* rising edges, then release it; returns at the next rising edge.

        It falls one step behind an edge: what others submit at that edge is submitted before it, in whatever order
        they run, and is cut off with the rest.
        """
        if self.at_edge():
            await Timer(1, "step")
        self.reset_n.value = 0
        await self.cycles(cycles)
        self.reset_n.value = 1
        await self.edge

    async def _follow_reset(self) -> None:
        falling, rising = FallingEdge(self.reset_n), RisingEdge(self.reset_n)
        while True:
            if self.in_reset:
                await rising
                self.in_reset = False
                self.released.set()
            await falling
            self.in_reset = True
            self.released.clear()
            for callback in self._on_reset:
                callback()
