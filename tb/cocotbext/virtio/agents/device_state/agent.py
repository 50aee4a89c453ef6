"""pyuvm device-state agent."""

from cocotbext.virtio.agents.device_state.monitor import StatePortMonitor
from pyuvm import uvm_agent


class StateAgent(uvm_agent):
    """``driver`` sets the levels of device_idle and needs_reset; the monitor publishes what happens."""

    def build_phase(self):
        super().build_phase()
        self.monitor = StatePortMonitor.create("monitor", self)
        self.driver = self.cdb_get("INTERFACE").device_state
