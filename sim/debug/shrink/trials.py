# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The simulation in which a failure is reduced: run by `make shrink` with the steps of the whole run in $TRACE."""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import cocotb
from cocotb.triggers import SimTimeoutError, with_timeout
from cocotbext.virtio.bfm.endpoint_interface import EndpointInterface
from cocotbext.virtio.checks import AlwaysOn
from cocotbext.virtio.scoreboard.scoreboard import Scoreboard, ScoreboardError
from cocotbext.virtio.trace.player import play
from cocotbext.virtio.trace.rows import HEADER
from cocotbext.virtio.trace.steps import Step, rows_of, steps_of
from cocotbext.virtio.trace.trace_file import TraceFile
from cocotbext.virtio.transactions import GenerationInput

from sim.debug.shrink.names import OUTCOME, TRACE, words
from sim.debug.shrink.reduce import reduce
from tb.tests.support.settings import CONFIG

_SLACK = 20_000  # cycles that the steps may take beyond their own time
_LIMIT = 4000  # tries


class Trials:
    """Plays steps on a fresh endpoint and says what broke."""

    def __init__(self, dut: Any) -> None:
        self._config = CONFIG
        self.interface = interface = EndpointInterface(dut, self._config)
        self._core: Scoreboard | None = None
        self._broken: tuple[str, str] | None = None
        self.tries = 0
        self._known: dict[tuple, str | None] = {}
        AlwaysOn(interface, self._violated)
        interface.observe(self._passed_on("observe"))
        for source, name in (
            (interface.write_monitor.on_accepted, "write_accepted"),
            (interface.write_monitor.on_responded, "write_responded"),
            (interface.read_monitor.on_responded, "read_responded"),
            (interface.state_monitor.on_features, "features_shown"),
            (interface.state_monitor.on_status, "status_shown"),
        ):
            source(self._passed_on(name))

    def _passed_on(self, name: str) -> Callable[[object], None]:
        """What a monitor calls: the scoreboard of the present try, whose first complaint counts."""

        def deliver(transaction: object) -> None:
            if self._core and not self._broken:
                self._judge(getattr(self._core, name), transaction)

        return deliver

    def _judge(self, call: Callable, *arguments: object) -> None:
        try:
            call(*arguments)
        except ScoreboardError as error:
            self._broken = (error.rule, str(error).splitlines()[0])

    def _violated(self, cycle: int, text: str) -> None:
        if self._core and not self._broken:
            self._broken = (words(text), f"cycle {cycle}: {text}")

    async def broken(self, steps: list[Step]) -> str | None:
        """What the steps break: a rule, or the words of an always-on check without their numbers. None for nothing."""
        key = tuple(steps)
        if key not in self._known:
            self._known[key] = await self._try(steps)
        return self._known[key]

    @property
    def text(self) -> str:
        """What the latest try said, in full."""
        return self._broken[1] if self._broken else ""

    async def _try(self, steps: list[Step]) -> str | None:
        interface, clock = self.interface, self.interface.clock
        self.tries += 1
        self._core = self._broken = None
        interface.msi_sink.release()
        interface.device_state.needs_reset = False
        interface.device_config.generation = 0
        clock.reset_n.value = 0
        await clock.cycles(4)
        self._core = core = Scoreboard(self._config, clock)
        core.observe(GenerationInput(clock.cycle, 0))
        clock.reset_n.value = 1
        await clock.edge
        cycles = sum(
            (step.after or 0) + int(getattr(step, "cycles", 0)) + (100 if step.after is None else 0) for step in steps
        )
        playing = cocotb.start_soon(self._play(steps))
        try:
            await with_timeout(playing, (cycles + _SLACK) * clock.period_ns, "ns")
        except (SimTimeoutError, TimeoutError):
            playing.cancel()
            self._broken = self._broken or ("no end", "the endpoint does not come to rest")
        if not self._broken:
            self._judge(core.finish)
        return self._broken and self._broken[0]

    async def _play(self, steps: list[Step]) -> None:
        playing = cocotb.start_soon(play(self.interface, steps))
        try:
            while not playing.done():
                if self._broken:
                    return
                await self.interface.clock.cycles(16)
            await self.interface.quiet()
        finally:
            playing.cancel()


class Reduction:
    """From the steps of a whole run to the few that still break the same rule."""

    def __init__(self, trials: Trials, wanted: str) -> None:
        self._trials = trials
        self._wanted = wanted

    async def _breaks(self, steps: list[Step]) -> bool:
        return self._trials.tries < _LIMIT and await self._trials.broken(steps) == self._wanted

    async def run(self, steps: list[Step]) -> list[Step]:
        """First fewer steps at the times that they had, then less time between them, then fewer again."""
        times, now = [], 0
        for step in steps:
            now += step.after or 0
            times.append((now, step))
        kept = await reduce(times, lambda part: self._breaks(_timed(part)))
        steps = _timed(kept)
        while True:
            before = steps
            steps = await self._hurry(steps)
            steps = await reduce(steps, self._breaks)
            steps = await self._simplify(steps)
            if steps == before:
                return steps

    async def _hurry(self, steps: list[Step]) -> list[Step]:
        """No step waits longer than it must: one after the other if that does, else the fewest cycles of a few
        tried."""
        plain = [replace(step, after=None) for step in steps]
        if await self._breaks(plain):
            return plain
        for number, step in enumerate(steps):
            if step.after is None:
                continue
            for after in (
                None,
                *(cycles for cycles in (0, 1, 2, 3, 4, 6, 8, 12, 16, 32, 64, 128) if cycles < step.after),
            ):
                changed = [*steps[:number], replace(step, after=after), *steps[number + 1 :]]
                if await self._breaks(changed):
                    steps = changed
                    break
        return steps

    async def _simplify(self, steps: list[Step]) -> list[Step]:
        """Small numbers, where the number does not matter."""
        for number in range(len(steps)):
            for name in ("data", "strobe", "index", "cycles"):
                value = getattr(steps[number], name, None)
                for simpler in {"data": (0, 1, 0x100), "strobe": (0xF,), "index": (1,), "cycles": (1, 4, 16)}[name]:
                    if value is None or value == simpler or (name != "strobe" and simpler > value):
                        continue
                    changed = [*steps[:number], replace(steps[number], **{name: simpler}), *steps[number + 1 :]]
                    if await self._breaks(changed):
                        steps = changed
                        break
        return steps


def _timed(part: list[tuple[int, Step]]) -> list[Step]:
    """Steps at their times, the first one at once."""
    steps, before = [], None
    for at, step in part:
        steps.append(replace(step, after=None if before is None else at - before))
        before = at
    return steps


@cocotb.test(timeout_time=100, timeout_unit="sec")
async def shrink(dut: Any) -> None:
    """Reduce the steps of $TRACE; the outcome is written into the directory of the run."""
    steps = steps_of(TraceFile.read(Path(os.environ["TRACE"])).rows)
    trials = Trials(dut)
    broken = await trials.broken(steps)
    outcome = {"broken": broken, "text": trials.text, "before": len(steps), "steps": len(steps)}
    if broken:
        steps = await Reduction(trials, broken).run(steps)
        trials._known.clear()
        await trials.broken(steps)
        outcome |= {"text": trials.text, "steps": len(steps)}
        Path(TRACE).write_text("\n".join([HEADER, *map(str, rows_of(steps))]) + "\n", encoding="utf-8")
    Path(OUTCOME).write_text(json.dumps(outcome | {"tries": trials.tries}, indent=1), encoding="utf-8")
    await trials.interface.clock.edge  # a simulation must not end in the time step of a write
