# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Performs the steps of a timed trace at the endpoint's ports, to the cycle."""

from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import replace

import cocotb
from cocotb.task import Task
from cocotb.triggers import Event as Signal
from cocotbext.virtio.bfm.axil_registers import Access
from cocotbext.virtio.bfm.endpoint_interface import EndpointInterface
from cocotbext.virtio.trace import steps as kinds

EFFECT = 8  # cycles after which an accepted event has taken effect


async def play(interface: EndpointInterface, steps: list[kinds.Step]) -> None:
    """Perform steps, and wait until the accesses and events among them are done.

    Args:
        interface: the EndpointInterface; its partners must not be made to stall by knobs.
        steps: see tb/cocotbext/virtio/trace/steps.py.
    """
    player = _Player(interface)
    try:
        await player.play(steps)
    finally:
        player.stop()


class _Player:
    def __init__(self, interface: EndpointInterface) -> None:
        self._interface = interface
        self._clock = interface.clock
        self._unfinished: list[Callable[[], Awaitable[object]]] = []  # what to await of the steps that are under way
        self._faults: deque[int] = deque()
        self._releases: list[Task[None]] = []
        self._held = {"address": 0, "data": 0, "responses": 0}  # the first cycle in which each is free again
        messages = interface.msi_sink
        messages.behave(replace(messages.timing, response=lambda _: self._faults.popleft() if self._faults else None))

    async def play(self, steps: list[kinds.Step]) -> None:
        clock = self._clock
        began = clock.cycle
        for step in steps:
            if step.after is None:
                await self._finish()
            else:
                await clock.cycles(began + step.after - clock.cycle)
            began = clock.cycle
            await self._begin(step)
        await self._finish()
        while any(until > clock.cycle for until in self._held.values()):
            await clock.cycles(1)

    def stop(self) -> None:
        """Hold nothing back any more."""
        for task in self._releases:
            task.cancel()
        self._interface.msi_sink.release()

    async def _finish(self) -> None:
        unfinished, self._unfinished = self._unfinished, []
        for wait in unfinished:
            await wait()

    async def _begin(self, step: kinds.Step) -> None:
        interface = self._interface
        match step:
            case kinds.Write(address, data, strobe):
                self._submit(Access(True, address, data, strobe, address_delay=0, data_delay=0))
            case kinds.Read(address):
                self._submit(Access(False, address, address_delay=0))
            case kinds.Event(index):
                self._raise(index)
            case kinds.HoldAddress(cycles):
                self._hold("address", cycles)
            case kinds.HoldData(cycles):
                self._hold("data", cycles)
            case kinds.HoldAnswers(cycles):
                self._hold("responses", cycles)
            case kinds.Fault(response):
                self._faults.append(response)
            case kinds.NeedsReset(level):
                interface.device_state.needs_reset = bool(level)
            case kinds.Generation(value):
                interface.device_config.generation = value
            case kinds.HardReset():
                self._unfinished.clear()
                await self._clock.reset()

    def _submit(self, access: Access) -> None:
        self._interface.registers.submit(access)
        self._unfinished.append(access.wait)

    def _raise(self, index: int) -> None:
        taken = Signal()

        async def settled() -> None:
            await taken.wait()
            await self._clock.cycles(EFFECT)

        self._interface.event_source.submit(index, 0, lambda cycle: taken.set())
        self._unfinished.append(settled)

    def _hold(self, channel: str, cycles: int) -> None:
        self._held[channel] = max(self._held[channel], self._clock.cycle + cycles)
        self._apply()
        self._releases.append(cocotb.start_soon(self._release(cycles)))

    async def _release(self, cycles: int) -> None:
        await self._clock.cycles(cycles)
        self._apply()

    def _apply(self) -> None:
        """Hold exactly what is to be held now."""
        messages = self._interface.msi_sink
        messages.release()
        held = {channel: True for channel, until in self._held.items() if until > self._clock.cycle}
        messages.hold(**{"address": False, "data": False, "responses": False} | held)
