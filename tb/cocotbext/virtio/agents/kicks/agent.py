"""pyuvm kick agent."""

from cocotbext.virtio.agents.kicks.monitor import KickPortMonitor
from pyuvm import uvm_agent


class KickAgent(uvm_agent):
    """A responder: ``sink`` takes kicks by itself; the monitor publishes them."""

    def build_phase(self):
        super().build_phase()
        self.monitor = KickPortMonitor.create("monitor", self)
        self.sink = self.cdb_get("INTERFACE").kicks
