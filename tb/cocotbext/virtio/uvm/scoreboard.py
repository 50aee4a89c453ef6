# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""pyuvm scoreboard."""

from collections import Counter

from cocotbext.virtio.model import EndpointModel
from cocotbext.virtio.scoreboard.scoreboard import Scoreboard
from cocotbext.virtio.scoreboard.statistics import Statistics
from cocotbext.virtio.transactions import Transaction
from cocotbext.virtio.uvm.agents import Subscriber
from pyuvm import uvm_analysis_port, uvm_scoreboard, uvm_subscriber


class MessagePath(uvm_subscriber):
    """The way of messages from their monitor to the scoreboard: passes them on.

    Override it by the factory to prove that the scoreboard notices a fault.
    """

    def build_phase(self) -> None:
        super().build_phase()
        self.ap = uvm_analysis_port("ap", self)

    def write(self, transaction: Transaction) -> None:
        """Pass one transaction on."""
        self.ap.write(transaction)


class UvmScoreboard(uvm_scoreboard):
    """Receives every monitor's transactions and compares them with the reference model.

    Connect monitors to :attr:`transactions`, :attr:`writes_accepted`, :attr:`writes_responded`, :attr:`reads`,
    :attr:`features` and :attr:`status`. A disagreement fails the test where it shows. ``check_phase`` makes the
    end-of-test check: before it, the test must wait until the ports are quiet.

    Attributes:
        core: the Scoreboard that does the work.
        expected: kinds of transaction of which the test must have shown at least one.
    """

    def build_phase(self) -> None:
        super().build_phase()
        interface = self.cdb_get("INTERFACE")
        self.core = core = Scoreboard(interface.config, interface.clock, self.cdb_get("RUN_SETTINGS"))
        self.expected: tuple[str, ...] = ()
        self.transactions = Subscriber("transactions", self, core.observe).analysis_export
        self.writes_accepted = Subscriber("writes_accepted", self, core.write_accepted).analysis_export
        self.writes_responded = Subscriber("writes_responded", self, core.write_responded).analysis_export
        self.features = Subscriber("features", self, core.features_shown).analysis_export
        self.status = Subscriber("status", self, core.status_shown).analysis_export
        self.reads = Subscriber("reads", self, core.read_responded).analysis_export

    @property
    def reference(self) -> EndpointModel:
        """The reference model."""
        return self.core.reference

    @property
    def statistics(self) -> Statistics:
        """The test's figures."""
        return self.core.statistics

    @property
    def compared(self) -> Counter[str]:
        """How many transactions of each kind were compared."""
        return self.core.compared

    def check_phase(self) -> None:
        self.core.finish(self.expected)
