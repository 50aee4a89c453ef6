"""pyuvm monitor of the kick agent."""

from pyuvm import uvm_analysis_port, uvm_monitor


class KickPortMonitor(uvm_monitor):
    """Publishes KickTaken to the analysis port ``ap``."""

    def build_phase(self):
        super().build_phase()
        self.ap = uvm_analysis_port("ap", self)

    def connect_phase(self):
        self.cdb_get("INTERFACE").kick_monitor.add_callback(self.ap.write)
