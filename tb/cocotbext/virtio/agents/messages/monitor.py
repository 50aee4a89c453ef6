"""pyuvm monitor of the MSI agent."""

from pyuvm import uvm_analysis_port, uvm_monitor


class MessageBusMonitor(uvm_monitor):
    """Publishes MessageStarted, MessagePresented and MessageAnswered to the analysis port ``ap``."""

    def build_phase(self):
        super().build_phase()
        self.ap = uvm_analysis_port("ap", self)

    def connect_phase(self):
        self.cdb_get("INTERFACE").message_monitor.add_callback(self.ap.write)
