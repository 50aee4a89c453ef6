"""pyuvm monitor of the device-state agent."""

from pyuvm import uvm_analysis_port, uvm_monitor


class StatePortMonitor(uvm_monitor):
    """Publishes HardReset, DeviceReset, FaultReported and NeedsResetInput to the analysis port ``ap``."""

    def build_phase(self):
        super().build_phase()
        self.ap = uvm_analysis_port("ap", self)

    def connect_phase(self):
        self.cdb_get("INTERFACE").state_monitor.add_callback(self.ap.write)
