"""How the interrupt controller behaves in time."""

from collections.abc import Callable
from dataclasses import dataclass

from cocotb_bus.drivers.amba import AXIxRESP
from cocotbext.virtio.agents.randomness import draw


@dataclass(frozen=True)
class TargetTiming:
    """Behaviour of the message target; the default takes a message every cycle and answers a cycle later.

    Attributes:
        awready: probability of AWREADY in a cycle.
        wready: probability of WREADY in a cycle, drawn on its own: the channels run out of step.
        response_delay: (least, most) additional cycles between a message taken and its BVALID.
        error_rate: probability of a message being answered SLVERR or DECERR.
        response: response code for an address, None for OKAY; overrides error_rate where it answers.
    """

    awready: float = 1.0
    wready: float = 1.0
    response_delay: tuple[int, int] = (0, 0)
    error_rate: float = 0.0
    response: Callable[[int], int | None] | None = None

    @property
    def plain(self) -> bool:
        """Every message is answered OKAY at once."""
        return self.response_delay == (0, 0) and not self.error_rate and self.response is None

    def answer(self, address: int, rng) -> tuple[int, int]:
        """Delay in cycles and response code of the answer to a message."""
        delay = draw(self.response_delay, rng)
        code = self.response(address) if self.response else None
        if code is None and self.error_rate and rng.random() < self.error_rate:
            code = rng.choice((AXIxRESP.SLVERR, AXIxRESP.DECERR))
        return delay, int(AXIxRESP.OKAY if code is None else code)
