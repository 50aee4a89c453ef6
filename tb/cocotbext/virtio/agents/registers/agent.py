"""pyuvm register agent."""

from cocotbext.virtio.agents.registers.driver import RegisterDriver
from cocotbext.virtio.agents.registers.monitor import RegisterMonitor
from pyuvm import uvm_agent, uvm_sequencer


class RegisterAgent(uvm_agent):
    """Sequencer and driver when active, monitor always."""

    def build_phase(self):
        super().build_phase()
        self.monitor = RegisterMonitor.create("monitor", self)
        if self.active():
            self.sequencer = uvm_sequencer.create("sequencer", self)
            self.driver = RegisterDriver.create("driver", self)

    def connect_phase(self):
        if self.active():
            self.driver.seq_item_port.connect(self.sequencer.seq_item_export)
