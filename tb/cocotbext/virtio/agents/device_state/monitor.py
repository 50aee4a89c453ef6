"""pyuvm monitor of the device-state agent."""

from pyuvm import uvm_analysis_port, uvm_monitor


class StatePortMonitor(uvm_monitor):
    """Publishes what the bus monitor sees.

    Attributes:
        ap: analysis port of HardReset, DeviceReset, FaultReported and NeedsResetInput.
        features, status: analysis ports of the values that driver_features and device_status change to.
    """

    def build_phase(self):
        super().build_phase()
        self.ap = uvm_analysis_port("ap", self)
        self.features = uvm_analysis_port("features", self)
        self.status = uvm_analysis_port("status", self)

    def connect_phase(self):
        monitor = self.cdb_get("INTERFACE").state_monitor
        monitor.add_callback(self.ap.write)
        monitor.on_features(self.features.write)
        monitor.on_status(self.status.write)
