"""pyuvm line agent."""

from pyuvm import uvm_agent

from tb.agents.line.monitor import LinePortMonitor


class LineAgent(uvm_agent):
    """Passive: a monitor of irq."""

    def build_phase(self):
        super().build_phase()
        self.monitor = LinePortMonitor.create("monitor", self)
