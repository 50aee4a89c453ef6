# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""A receiver's ready, played by tb/cocotbext/virtio/fast/harness/ready_pattern.v."""

import random

from cocotbext.virtio.clock_reset import ClockReset
from cocotbext.virtio.fast.record_ports import at_start
from cocotbext.virtio.fast.serve import Later, serve
from cocotbext.virtio.handles import Dut
from cocotbext.virtio.randomness import Rng

_DRAWS = 256  # in a table


class FastReady:
    """Ready with a probability per cycle, or not at all while held; the same draws as those of the drivers in Python.

    Args:
        dut: the harness.
        clock: the bench's clock.
        name: as in fast_NAME_levels and its like.
        probability: of ready being high in a cycle, 0.0 to 1.0.
        rng: source of randomness.
        always_draws: something is drawn even where the level is certain, as AxilRegisters does for its responses.
    """

    def __init__(
        self,
        dut: Dut,
        clock: ClockReset,
        name: str,
        probability: float = 1.0,
        rng: Rng = random,
        always_draws: bool = False,
    ) -> None:
        self._levels, self._control = getattr(dut, f"fast_{name}_levels"), getattr(dut, f"fast_{name}_control")
        self._drawn = getattr(dut, f"fast_{name}_drawn")
        self._rng = rng
        self._always_draws = always_draws
        self._probability = probability
        self._held = False
        self._wanted = probability, False
        self._change = Later(self._changed)
        self._ahead: list[float] = []  # drawn, of which the transactor has used as many as it says
        self._certain = True
        self._level = always_draws or probability > 0  # until the next draw
        self._load = at_start(self._control) & 0xFF
        self._levels.value = 0
        self._give()
        serve(clock, getattr(dut, f"fast_{name}_empty"), Later(self._refill).ask)

    @property
    def probability(self) -> float:
        """Of ready being high in a cycle."""
        return self._wanted[0]

    @probability.setter
    def probability(self, value: float) -> None:
        self._want(value, self._wanted[1])

    def hold(self) -> None:
        """Take nothing until :meth:`release`."""
        self._want(self._wanted[0], True)

    def release(self) -> None:
        """Take again, with the probability set."""
        self._want(self._wanted[0], False)

    def _want(self, probability: float, held: bool) -> None:
        self._wanted = probability, held
        self._change.ask()

    def _changed(self) -> None:
        self._catch_up()
        self._probability, self._held = self._wanted
        if not self._always_draws:
            self._level = not self._held and self._probability > 0
        self._give()

    def _catch_up(self) -> None:
        """Forget the draws that the transactor has used; the level is that of the last."""
        used = int(self._drawn.value)
        if not used:
            return
        if not self._certain:
            self._level = self._ahead[used - 1] < self._probability
            del self._ahead[:used]
        elif self._always_draws:
            self._level = self._probability > 0
            for _ in range(used):
                self._ahead.pop(0) if self._ahead else self._rng.random()

    def _give(self) -> None:
        self._certain = self._held or self._probability in (0.0, 1.0)
        self._load = self._load + 1 & 0xFF
        if not self._certain:
            while len(self._ahead) < _DRAWS:
                self._ahead.append(self._rng.random())
            self._levels.value = sum(
                1 << place for place, number in enumerate(self._ahead) if number < self._probability
            )
        final = not self._held and self._probability > 0
        self._control.value = final << 10 | self._level << 9 | self._certain << 8 | self._load

    def _refill(self) -> None:
        self._catch_up()
        self._give()
