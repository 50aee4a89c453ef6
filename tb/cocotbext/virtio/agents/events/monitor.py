"""pyuvm monitor of the event agent."""

from pyuvm import uvm_analysis_port, uvm_monitor


class EventPortMonitor(uvm_monitor):
    """Publishes EventAccepted to the analysis port ``ap``."""

    def build_phase(self):
        super().build_phase()
        self.ap = uvm_analysis_port("ap", self)

    def connect_phase(self):
        self.cdb_get("INTERFACE").event_monitor.add_callback(self.ap.write)
