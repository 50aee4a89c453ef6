"""Clock, reset and cycle numbers: the one place that drives aclk and aresetn."""

from tb.clocking.clocking import Clocking

__all__ = ["Clocking"]
