"""pyuvm device-config agent."""

from cocotbext.virtio.agents.device_config.monitor import ConfigPortMonitor
from pyuvm import uvm_agent


class ConfigAgent(uvm_agent):
    """A responder: ``memory`` serves accesses by itself; the monitor publishes them."""

    def build_phase(self):
        super().build_phase()
        self.monitor = ConfigPortMonitor.create("monitor", self)
        self.memory = self.cdb_get("INTERFACE").device_config
