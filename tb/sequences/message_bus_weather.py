"""Changing conditions around the endpoint."""

import cocotb

from tb.env.knobs import Knobs


class MessageBusWeather:
    """Draws the behaviour of all partners anew every now and then: backpressure on every channel, message
    errors, and sometimes an interrupt controller that is stuck for a while.

    Args:
        interface: the EndpointInterface.
        rng: source of randomness.
        error_rate: of messages in a bad spell.
    """

    def __init__(self, interface, rng, error_rate: float = 0.05):
        self._interface = interface
        self._rng = rng
        self._error_rate = error_rate
        self._calm = False
        self._task = cocotb.start_soon(self._run())

    async def clear(self) -> None:
        """No more stalls and errors from now on."""
        self._calm = True
        await self._task

    async def _run(self) -> None:
        interface, rng = self._interface, self._rng
        while not self._calm:
            interface.behave(Knobs.draw(rng).with_errors(rng.choice((0, 0, self._error_rate))))
            stuck = rng.random() < 0.15
            if stuck:
                interface.messages.hold(*rng.choice(((True, True, True), (True, False, False), (False, True, False),
                                                     (False, False, True))))
            await interface.clocking.cycles(rng.randint(50, 400))
            if stuck:
                interface.messages.release()
        interface.behave(Knobs())
