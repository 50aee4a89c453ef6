"""The way of messages from their monitor to the scoreboard."""

from pyuvm import uvm_analysis_port, uvm_subscriber


class MessagePath(uvm_subscriber):
    """Passes messages on. Override it by the factory to prove that the scoreboard notices a fault."""

    def build_phase(self):
        super().build_phase()
        self.ap = uvm_analysis_port("ap", self)

    def write(self, observation):
        """Pass one observation on."""
        self.ap.write(observation)
