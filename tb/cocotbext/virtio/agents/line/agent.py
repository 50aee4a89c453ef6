"""pyuvm line agent."""

from cocotbext.virtio.agents.line.monitor import LinePortMonitor
from pyuvm import uvm_agent


class LineAgent(uvm_agent):
    """Passive: a monitor of irq."""

    def build_phase(self):
        super().build_phase()
        self.monitor = LinePortMonitor.create("monitor", self)
