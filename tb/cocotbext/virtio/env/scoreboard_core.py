"""Compares everything observed with the reference model."""

from collections import Counter
from typing import NoReturn

from cocotbext.virtio.coverage.collector import Collector
from cocotbext.virtio.env.chronicle import Chronicle
from cocotbext.virtio.env.endpoint_timing import ENDPOINT_TIMING
from cocotbext.virtio.env.history import History
from cocotbext.virtio.env.statistics import Statistics
from cocotbext.virtio.env.timeline import Order, Timeline
from cocotbext.virtio.model import EndpointModel, Mismatch
from cocotbext.virtio.transactions import (
    ConfigAccess,
    DeviceReset,
    EventAccepted,
    FaultReported,
    GenerationInput,
    HardReset,
    KickTaken,
    LineLevel,
    MessageAnswered,
    MessagePresented,
    MessageStarted,
    NeedsResetInput,
    RegisterRead,
    RegisterWrite,
)

# Where an observation belongs within its cycle, and the kind it counts for.
_KINDS = {
    MessageStarted: (Order.MESSAGE_STARTED, None),
    MessagePresented: (Order.MESSAGE_PRESENTED, "messages"),
    KickTaken: (Order.KICK_TAKEN, "kicks"),
    LineLevel: (Order.LINE_LEVEL, "line changes"),
    ConfigAccess: (Order.CONFIG_ACCESS, "config accesses"),
    DeviceReset: (Order.DEVICE_RESET, "device resets"),
    MessageAnswered: (Order.MESSAGE_ANSWERED, None),
    FaultReported: (Order.FAULT_REPORTED, "faults"),
    EventAccepted: (Order.EVENT_ACCEPTED, "events"),
    NeedsResetInput: (Order.NEEDS_RESET_INPUT, None),
    GenerationInput: (Order.NEEDS_RESET_INPUT, None),
    HardReset: (Order.HARD_RESET, None),
}

# Numbers of the model's account that go into the statistics as they are.
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

    def __init__(self, rule: str, text: str):
        super().__init__(text)
        self.rule = rule


class ScoreboardCore:
    """Feeds the model with observations in the order in which they took effect.

    Without phases, so that the pyuvm scoreboard and the plain bench share it.

    Args:
        config: the EndpointConfig.
        clocking: the bench's clock.

    Attributes:
        model: the EndpointModel.
        compared: how many observations of each kind were compared.
        statistics: the test's figures.
        coverage: counts what is compared; a bench attaches it to its interface.
        closed: whether it has said its last word: the books are closed, or it has failed the test.
    """

    def __init__(self, config, clocking):
        self._chronicle = Chronicle.if_asked(config, clocking)
        self.model = EndpointModel(config, ENDPOINT_TIMING, self._chronicle)
        self.closed = False
        self.coverage = Collector(config, self.model)
        self.compared: Counter[str] = Counter()
        self.statistics = Statistics()
        self._clocking = clocking
        self._history = History(clocking, config)
        self._timeline = Timeline()

    def observe(self, observation) -> None:
        """Take an observation of any kind but register accesses, in the cycle in which it is made."""
        if self._chronicle:
            self._chronicle.observed(observation)
        order, kind = _KINDS[type(observation)]
        cycle = self._clocking.cycle

        def compare():
            self._history.other(cycle, observation)
            self.coverage.observe(cycle, observation)
            if order is Order.MESSAGE_STARTED:
                self.statistics.message_cycles.append(cycle)
            self._guard(self.model.observe, observation)
            if kind:
                self.compared[kind] += 1

        self._timeline.put(cycle, order, compare)

    def write_accepted(self, write: RegisterWrite) -> None:
        """Take a register write in the cycle of its acceptance."""
        if self._chronicle:
            self._chronicle.observed(write)

        def compare():
            self._history.write(write)
            self.coverage.write(write)
            self._guard(self.model.write_accepted, write.accepted, write.address, write.data, write.strobe)

        self._timeline.put(write.accepted, Order.WRITE_ACCEPTED, compare)

    def write_responded(self, write: RegisterWrite) -> None:
        """Take a register write in the first cycle of its response."""
        if self._chronicle:
            self._chronicle.write_answered(write)

        def compare():
            self._guard(self.model.write_responded, write.responded)
            self.coverage.answered()
            self.compared["register writes"] += 1
            self.statistics.register_accesses += 1

        self._timeline.put(write.responded, Order.WRITE_RESPONDED, compare)

    def read_responded(self, read: RegisterRead) -> None:
        """Take a register read in the first cycle of its data."""
        if self._chronicle:
            self._chronicle.observed(read)

        def compare():
            self._history.read(read)
            self.coverage.read(read)
            self._guard(self.model.read, read)
            self.compared["register reads"] += 1
            self.statistics.register_accesses += 1

        self._timeline.put(read.responded, Order.READ_RESPONDED, compare)

    def features_shown(self, value: int) -> None:
        """Take a new value of driver_features, in the first cycle sampled with it."""
        cycle = self._clocking.cycle
        self._timeline.put(cycle, Order.STATE_SHOWN, lambda: self._guard(self.model.driver_features, cycle, value))

    def status_shown(self, value: int) -> None:
        """Take a new value of device_status, in the first cycle sampled with it."""
        cycle = self._clocking.cycle
        self._timeline.put(cycle, Order.STATE_SHOWN, lambda: self._guard(self.model.device_status, cycle, value))

    def row_shown(self, queue: int, row) -> None:
        """Take a QueueRow that was looked up when all writes had been answered."""
        self.flush()
        model = self.model.queue_lookup(queue)
        # queue_num has 16 bits; a size beyond them cannot become ready.
        expected = (int(model.ready), model.num & 0xFFFF, model.desc, model.driver, model.device)
        if tuple(row) != expected:
            self._fail("MMIO-35", f"row {queue} of the queue table shows {_hex(row)}, expected {_hex(expected)}")
        self.compared["queue table rows"] += 1

    def recent(self) -> str:
        """What happened last, one line each."""
        return self._history.report()

    def flush(self) -> None:
        """Compare what is still waiting for its cycle to end: call it between edges or when all is quiet."""
        self._timeline.flush()

    def finish(self, expected: tuple[str, ...] = ()) -> None:
        """Close the books once everything is quiet.

        Args:
            expected: kinds (keys of :attr:`compared`) of which at least one must have been compared.

        Raises:
            ScoreboardError: an obligation is open, or nothing of an expected kind was compared.
        """
        self.closed = True
        self.flush()
        for kind in expected:
            if not self.compared[kind]:
                self._fail("scoreboard", f"no {kind} were compared")
        if not self.compared:
            self._fail("scoreboard", "nothing was compared")
        account = self._guard(self.model.finish, self._clocking.cycle)
        self.statistics.counts = {
            "events_by_kind": {
                "config_change": account.events["config"],
                "used_buffer": account.events["used"],
                "needs_reset": account.events["needs_reset"],
            },
            **{name: getattr(account, name) for name in _COUNTS},
        }
        self.statistics.publish()
        self.coverage.publish()
        if self._chronicle:
            self._chronicle.finished(self._clocking.cycle)

    def _guard(self, call, *arguments):
        """Call the model; a disagreement becomes a report."""
        try:
            return call(*arguments)
        except Mismatch as mismatch:
            return self._fail(mismatch.rule, mismatch.message)

    def past(self) -> str:
        """The last accesses, events and messages, by name, one line each."""
        return f"now in cycle {self._clocking.cycle}; what led to it, by cycle:\n{self._history.report()}"

    def _fail(self, rule: str, text: str) -> NoReturn:
        if self._chronicle:
            self._chronicle.failed(self._clocking.cycle, rule, text)
        self.closed = True
        raise ScoreboardError(rule, f"{rule}: {text}\n{self.past()}") from None


def _hex(values) -> str:
    return "/".join(f"{value:#x}" for value in values)
