"""pyuvm monitor of the register agent."""

from pyuvm import uvm_analysis_port, uvm_monitor


class RegisterMonitor(uvm_monitor):
    """Publishes what the bus monitors see.

    Attributes:
        accepted: analysis port of RegisterWrite, in the cycle of acceptance.
        responded: analysis port of RegisterWrite, in the first cycle of its response.
        read: analysis port of RegisterRead, in the first cycle of its data.
        read_accepted: analysis port of RegisterRead, in the cycle of its AR handshake, data unknown.
    """

    def build_phase(self):
        super().build_phase()
        self.accepted = uvm_analysis_port("accepted", self)
        self.responded = uvm_analysis_port("responded", self)
        self.read = uvm_analysis_port("read", self)
        self.read_accepted = uvm_analysis_port("read_accepted", self)

    def connect_phase(self):
        interface = self.cdb_get("INTERFACE")
        interface.writes.on_accepted(self.accepted.write)
        interface.writes.on_responded(self.responded.write)
        interface.reads.on_responded(self.read.write)
        interface.reads.on_accepted(self.read_accepted.write)
