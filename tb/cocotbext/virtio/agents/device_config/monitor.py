"""pyuvm monitor of the device-config agent."""

from pyuvm import uvm_analysis_port, uvm_monitor


class ConfigPortMonitor(uvm_monitor):
    """Publishes ConfigAccess and GenerationInput to the analysis port ``ap``."""

    def build_phase(self):
        super().build_phase()
        self.ap = uvm_analysis_port("ap", self)

    def connect_phase(self):
        self.cdb_get("INTERFACE").config_monitor.add_callback(self.ap.write)
