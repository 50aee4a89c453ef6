"""pyuvm scoreboard."""

from cocotbext.virtio.env.scoreboard_core import ScoreboardCore
from pyuvm import uvm_scoreboard, uvm_subscriber


class Scoreboard(uvm_scoreboard):
    """Receives every monitor's observations and compares them with the reference model.

    Connect monitors to :attr:`observations`, :attr:`writes_accepted`, :attr:`writes_responded`, :attr:`reads`,
    :attr:`features` and :attr:`status`. A disagreement fails the test where it shows. ``check_phase`` closes
    the books: before it, the test must wait until the ports are quiet.

    Attributes:
        core: the ScoreboardCore, with ``model``, ``compared`` and ``statistics``.
        expected: kinds of observation of which the test must have shown at least one.
    """

    class _Subscriber(uvm_subscriber):
        def __init__(self, name, parent, deliver):
            super().__init__(name, parent)
            self._deliver = deliver

        def write(self, observation):
            self._deliver(observation)

    def build_phase(self):
        super().build_phase()
        interface = self.cdb_get("INTERFACE")
        self.core = core = ScoreboardCore(interface.config, interface.clocking)
        self.expected: tuple[str, ...] = ()
        self.observations = self._Subscriber("observations", self, core.observe).analysis_export
        self.writes_accepted = self._Subscriber("writes_accepted", self, core.write_accepted).analysis_export
        self.writes_responded = self._Subscriber("writes_responded", self, core.write_responded).analysis_export
        self.features = self._Subscriber("features", self, core.features_shown).analysis_export
        self.status = self._Subscriber("status", self, core.status_shown).analysis_export
        self.reads = self._Subscriber("reads", self, core.read_responded).analysis_export

    def check_phase(self):
        self.core.finish(self.expected)
