# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Compares everything observed with the reference model."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import NoReturn, TypeVarTuple

from cocotbext.virtio.bfm.queue_table import QueueRow
from cocotbext.virtio.clock_reset import ClockReset
from cocotbext.virtio.config import EndpointConfig
from cocotbext.virtio.coverage.collector import Collector
from cocotbext.virtio.model import EndpointModel, Mismatch, Timing
from cocotbext.virtio.model.listener import Listeners
from cocotbext.virtio.run_settings import RunSettings
from cocotbext.virtio.scoreboard.history import History
from cocotbext.virtio.scoreboard.run_log import RunLog
from cocotbext.virtio.scoreboard.statistics import Statistics
from cocotbext.virtio.transactions import (
    ConfigAccess,
    DeviceReset,
    EventAccepted,
    FaultReported,
    KickTaken,
    LineLevel,
    MessagePresented,
    MessageStarted,
    RegisterRead,
    RegisterWrite,
    Transaction,
)

_Arguments = TypeVarTuple("_Arguments")

# How fast the endpoint in rtl/ is; plain Timing() suits any other one that keeps the documented figures.
# A message can be due to an event two cycles after it at the earliest, is taken one cycle before it is presented, and
# nothing is taken ahead of the message that is presented (rtl/endpoint/virtio_msi_message_writer.v).
ENDPOINT_TIMING = Timing(fastest_message=2, take_latency=1, prefetch=0)

# The kind that a transaction counts for.
_KINDS = {
    MessagePresented: "messages",
    KickTaken: "kicks",
    LineLevel: "line changes",
    ConfigAccess: "config accesses",
    DeviceReset: "device resets",
    FaultReported: "faults",
    EventAccepted: "events",
}

# Every kind that a test may expect to have compared.
COMPARED = {*_KINDS.values()} | {"register writes", "register reads", "queue table rows"}

# Numbers of the model's counts that go into the statistics as they are.
_COUNTS = (
    "messages",
    "delivered",
    "coalesced",
    "held_by_mask",
    "dropped_no_vector",
    "dropped_queue",
    "converted",
    "line_acknowledged",
    "wiped",
    "still_pending",
    "lost",
    "without_cause",
    "kicks",
    "faults",
    "resets",
)


class ScoreboardError(AssertionError):
    """The design and the reference model disagree; the text shows what led to it.

    Attributes:
        rule: the rule or requirement broken, as the model names it.
    """

    def __init__(self, rule: str, text: str) -> None:
        super().__init__(text)
        self.rule = rule


class Scoreboard:
    """Feeds the reference model with transactions as they are seen; their order within a cycle does not matter.

    Without phases, so that the pyuvm scoreboard and the plain bench share it.

    Args:
        config: the EndpointConfig.
        clock: the design's clock and reset.
        run: files to leave behind.

    Attributes:
        reference: the EndpointModel.
        compared: how many transactions of each kind were compared.
        statistics: the test's figures.
        coverage: counts what is compared; a bench attaches it to its interface.
        closed: whether it has said its last word: the end-of-test check was made, or it has failed the test.
    """

    def __init__(self, config: EndpointConfig, clock: ClockReset, run: RunSettings = RunSettings()) -> None:
        self._run = run
        self._run_log = RunLog.if_asked(config, clock, run)
        self.coverage = Collector(config)
        listener = Listeners(self.coverage, self._run_log) if self._run_log else self.coverage
        self.reference = self.coverage.model = EndpointModel(config, ENDPOINT_TIMING, listener)
        self.closed = False
        self.compared: Counter[str] = Counter()
        self.statistics = Statistics()
        self._clock = clock
        self._history = History(clock, config)

    def observe(self, transaction: Transaction) -> None:
        """Take a transaction of any kind but register accesses, in the cycle in which it is made."""
        if self._run_log:
            self._run_log.observed(transaction)
        cycle, kind = self._clock.cycle, type(transaction)
        self._history.other(cycle, transaction)
        self.coverage.observe(cycle, transaction)
        if kind is MessageStarted:
            self.statistics.message_cycles.append(cycle)
        self._guard(self.reference.observe, transaction)
        if kind in _KINDS:
            self.compared[_KINDS[kind]] += 1

    def write_accepted(self, write: RegisterWrite) -> None:
        """Take a register write in the cycle of its acceptance."""
        if self._run_log:
            self._run_log.observed(write)
        self._history.write(write)
        self.coverage.write(write)
        self._guard(self.reference.write_accepted, write.accepted, write.address, write.data, write.strobe)

    def write_responded(self, write: RegisterWrite) -> None:
        """Take a register write in the first cycle of its response."""
        if self._run_log:
            self._run_log.write_answered(write)
        self._guard(self.reference.write_responded, write.responded)
        self.coverage.answered()
        self.compared["register writes"] += 1
        self.statistics.register_accesses += 1

    def read_responded(self, read: RegisterRead) -> None:
        """Take a register read in the first cycle of its data."""
        if self._run_log:
            self._run_log.observed(read)
        self._history.read(read)
        self.coverage.read(read)
        self._guard(self.reference.read, read)
        self.compared["register reads"] += 1
        self.statistics.register_accesses += 1

    def features_shown(self, value: int) -> None:
        """Take a new value of driver_features, in the first cycle sampled with it."""
        self._guard(self.reference.driver_features, self._clock.cycle, value)

    def status_shown(self, value: int) -> None:
        """Take a new value of device_status, in the first cycle sampled with it."""
        self._guard(self.reference.device_status, self._clock.cycle, value)

    def row_shown(self, queue: int, row: QueueRow) -> None:
        """Take a QueueRow that was looked up when all writes had been answered."""
        model = self.reference.queue_lookup(queue)
        # queue_num has 16 bits; a size beyond them cannot become ready.
        expected = (int(model.ready), model.num & 0xFFFF, model.desc, model.driver, model.device)
        if tuple(row) != expected:
            self._fail("MMIO-35", f"row {queue} of the queue table shows {_hex(row)}, expected {_hex(expected)}")
        self.compared["queue table rows"] += 1

    def finish(self, expected: tuple[str, ...] = ()) -> None:
        """Make the end-of-test check, once everything is quiet.

        Args:
            expected: kinds (keys of :attr:`compared`) of which at least one must have been compared.

        Raises:
            ScoreboardError: an obligation is open, or nothing of an expected kind was compared.
            ValueError: there is no kind of that name.
        """
        self.closed = True
        for kind in expected:
            if kind not in COMPARED:
                raise ValueError(f"no kind of transaction is called '{kind}'; there are: {', '.join(sorted(COMPARED))}")
            if not self.compared[kind]:
                self._fail("scoreboard", f"no {kind} were compared")
        if not self.compared:
            self._fail("scoreboard", "nothing was compared")
        self._guard(self.reference.finish, self._clock.cycle)
        self._publish()
        self.coverage.publish(self._run.coverage)
        if self._run_log:
            self._run_log.finished(self._clock.cycle)

    def give_up(self) -> None:
        """The test has failed for a reason of its own: publish what was counted until then."""
        self.closed = True
        self.statistics.failed = True
        self._publish()

    def _publish(self) -> None:
        """Publish the event counts. Of a failed test they do not balance: events are still under way."""
        counts = self.reference.counts
        self.statistics.counts = {
            "events_by_kind": {
                "config_change": counts.events["config"],
                "used_buffer": counts.events["used"],
                "needs_reset": counts.events["needs_reset"],
            },
            **{name: getattr(counts, name) for name in _COUNTS},
        }
        self.statistics.publish(self._run.statistics)

    def _guard(self, call: Callable[[*_Arguments], object], *arguments: *_Arguments) -> None:
        """Call the model; a disagreement becomes a report."""
        try:
            call(*arguments)
        except Mismatch as mismatch:
            self._fail(mismatch.rule, mismatch.message)

    def recent_activity(self) -> str:
        """The last accesses, events and messages, by name, one line each."""
        return f"now in cycle {self._clock.cycle}; what led to it, by cycle:\n{self._history.report()}"

    def _fail(self, rule: str, text: str) -> NoReturn:
        if self._run_log:
            self._run_log.failed(self._clock.cycle, rule, text)
        if not self.statistics.failed:  # a test that expects a failure may go on to the next
            self.statistics.failed = True
            self._publish()
        self.closed = True
        raise ScoreboardError(rule, f"{rule}: {text}\n{self.recent_activity()}") from None


def _hex(values: Iterable[int]) -> str:
    return "/".join(f"{value:#x}" for value in values)
