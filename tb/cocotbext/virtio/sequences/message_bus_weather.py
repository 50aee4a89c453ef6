"""Everybody around the endpoint as slow, as faulty and as stuck as it happens."""

from cocotbext.virtio.env.knobs import Knobs
from cocotbext.virtio.sequences.weather import Weather


class MessageBusWeather(Weather):
    """Draws the behaviour of all partners anew every now and then: backpressure on every channel, message
    errors, and sometimes an interrupt controller that is stuck for a while.

    Args:
        interface: the EndpointInterface.
        rng: source of randomness.
        error_rate: of messages in a bad spell.
    """

    def __init__(self, interface, rng, error_rate: float = 0.05):
        self._error_rate = error_rate
        super().__init__(interface, rng)

    async def run(self) -> None:
        interface, rng = self.interface, self.rng
        while not self.calm:
            interface.behave(Knobs.draw(rng).with_errors(rng.choice((0, 0, self._error_rate))))
            stuck = rng.random() < 0.15
            if stuck:
                interface.messages.hold(
                    *rng.choice(((True, True, True), (True, False, False), (False, True, False), (False, False, True)))
                )
            await interface.clocking.cycles(rng.randint(50, 400))
            if stuck:
                interface.messages.release()
        interface.behave(Knobs())
