"""Driver of a receiver's ready."""

import random

import cocotb
from cocotb.triggers import Event, RisingEdge


class ReadyDriver:
    """Drives ``ready`` high with a probability per cycle, or not at all while held.

    Between transfers it keeps the last level, so an offer meets either one. It costs nothing while
    ``valid`` is low or the level is constant. In a reset, where ``valid`` may be anything at first, nothing is drawn.

    Args:
        clocking: the bench's clock.
        valid: handle to watch; ready: handle to drive.
        probability: of ready being high in a cycle, 0.0 to 1.0.
        rng: source of randomness.
    """

    def __init__(self, clocking, valid, ready, probability: float = 1.0, rng=random):
        self._clocking = clocking
        self._valid, self._ready, self._rng = valid, ready, rng
        self._probability = probability
        self._held = False
        self._changed = Event()
        self._level = None
        self._drive(probability > 0)
        cocotb.start_soon(self._run())

    @property
    def probability(self) -> float:
        """Of ready being high in a cycle."""
        return self._probability

    @probability.setter
    def probability(self, value: float) -> None:
        self._probability = value
        self._update()

    def hold(self) -> None:
        """Take nothing until :meth:`release`."""
        self._held = True
        self._update()

    def release(self) -> None:
        """Take again, with the probability set."""
        self._held = False
        self._update()

    def _update(self) -> None:
        self._drive(not self._held and self._probability > 0)
        self._changed.set()

    def _drive(self, level: bool) -> None:
        if level is not self._level:
            self._level = level
            self._ready.value = int(level)

    def _certain(self) -> bool:
        return self._held or self._probability in (0.0, 1.0)

    async def _run(self) -> None:
        edge, rises = self._clocking.edge, RisingEdge(self._valid)
        while True:
            if self._certain():
                self._changed.clear()
                await self._changed.wait()
                continue
            if str(self._valid.value) != "1":
                await rises
            await edge
            if not self._clocking.in_reset and not self._certain():
                self._drive(self._rng.random() < self._probability)
