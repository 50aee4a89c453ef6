"""pyuvm event agent: the device behind the endpoint."""

from cocotbext.virtio.agents.events.driver import EventDriver
from cocotbext.virtio.agents.events.monitor import EventPortMonitor
from pyuvm import uvm_agent, uvm_sequencer


class EventAgent(uvm_agent):
    """Sequencer and driver when active, monitor always."""

    def build_phase(self):
        super().build_phase()
        self.monitor = EventPortMonitor.create("monitor", self)
        if self.active():
            self.sequencer = uvm_sequencer.create("sequencer", self)
            self.driver = EventDriver.create("driver", self)

    def connect_phase(self):
        if self.active():
            self.driver.seq_item_port.connect(self.sequencer.seq_item_export)
