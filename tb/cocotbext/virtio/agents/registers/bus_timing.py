"""How the register bus master behaves in time."""

from dataclasses import dataclass

from cocotbext.virtio.agents.randomness import draw


@dataclass(frozen=True)
class BusTiming:
    """Behaviour of the register bus master; the default is as fast as the bus allows.

    Attributes:
        gap: (least, most) idle cycles before an access.
        skew: (least, most) cycles by which AW runs ahead of W or W ahead of AW, the side drawn per write.
        bready: probability of BREADY in a cycle while a write response is due.
        rready: probability of RREADY in a cycle while read data is due.
    """

    gap: tuple[int, int] = (0, 0)
    skew: tuple[int, int] = (0, 0)
    bready: float = 1.0
    rready: float = 1.0

    def delays(self, access, rng) -> tuple[int, int]:
        """Cycles of AWVALID (ARVALID) and of WVALID low before an access: its own, or drawn."""
        address = data = draw(self.gap, rng)
        if access.write and self.skew != (0, 0):
            skew = draw(self.skew, rng)
            if skew:
                if rng.random() < 0.5:
                    address += skew
                else:
                    data += skew
        return (
            address if access.address_delay is None else access.address_delay,
            data if access.data_delay is None else access.data_delay,
        )
