"""How the interrupt controller behaves in time."""

from collections.abc import Callable
from dataclasses import dataclass


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
