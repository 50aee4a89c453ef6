"""pyuvm monitor of the line agent."""

from pyuvm import uvm_analysis_port, uvm_monitor


class LinePortMonitor(uvm_monitor):
    """Publishes LineLevel to the analysis port ``ap``."""

    def build_phase(self):
        super().build_phase()
        self.ap = uvm_analysis_port("ap", self)

    def connect_phase(self):
        self.cdb_get("INTERFACE").line.add_callback(self.ap.write)
