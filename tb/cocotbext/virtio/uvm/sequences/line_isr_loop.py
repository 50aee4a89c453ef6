# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""A CPU that serves the interrupt line."""

from collections.abc import Callable

import cocotb
from cocotb.triggers import Event, select
from cocotbext.virtio.registers import Register
from cocotbext.virtio.uvm.environment import Environment
from cocotbext.virtio.uvm.sequences.register_sequence import RegisterSequence


class LineInterrupt(RegisterSequence):
    """Serves one interrupt by line: acknowledges before anything is handled, even when it was not ours.

    Attributes:
        status: what InterruptStatus read.
    """

    status = 0

    async def body(self) -> None:
        self.status = await self.read(Register.INTERRUPT_STATUS)
        await self.write(Register.INTERRUPT_ACK, self.status)


class LineIsrLoop:
    """Runs the stock interrupt handler whenever the line is high, until stopped.

    Args:
        environment: the pyuvm environment.
        delay: gives the cycles from the line to the handler; default: none.

    Attributes:
        interrupts: handled so far.
    """

    def __init__(self, environment: Environment, delay: Callable[[], int] = lambda: 0) -> None:
        self._interface = environment.interface
        self._sequencer = environment.registers.sequencer
        self._delay = delay
        self._stop = Event()
        self.interrupts = 0
        self._task = cocotb.start_soon(self._run())

    async def stop(self) -> None:
        """Serve what is due and end."""
        self._stop.set()
        await self._task

    async def _run(self) -> None:
        line, clock = self._interface.line_monitor, self._interface.clock
        while line.level or not self._stop.is_set():
            if not line.level:
                await select(line.wait_for(1), self._stop.wait())
                continue
            await clock.cycles(self._delay())
            await LineInterrupt(self._interface.config).start(self._sequencer)
            self.interrupts += 1
            await clock.cycles(2)  # until the level that the acknowledge left is sampled
