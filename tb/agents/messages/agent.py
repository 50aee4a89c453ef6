"""pyuvm MSI agent: the interrupt controller."""

from pyuvm import uvm_agent

from tb.agents.messages.monitor import MessageBusMonitor


class MessageAgent(uvm_agent):
    """A responder: ``target`` takes and answers messages by itself; the monitor publishes them."""

    def build_phase(self):
        super().build_phase()
        self.monitor = MessageBusMonitor.create("monitor", self)
        self.target = self.cdb_get("INTERFACE").messages
