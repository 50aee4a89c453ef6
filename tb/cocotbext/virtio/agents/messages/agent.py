"""pyuvm MSI agent: the interrupt controller."""

from cocotbext.virtio.agents.messages.monitor import MessageBusMonitor
from pyuvm import uvm_agent


class MessageAgent(uvm_agent):
    """A responder: ``target`` takes and answers messages by itself; the monitor publishes them."""

    def build_phase(self):
        super().build_phase()
        self.monitor = MessageBusMonitor.create("monitor", self)
        self.target = self.cdb_get("INTERFACE").messages
