"""Compares everything observed with the reference model."""

from collections import Counter

from tb.env.history import History
from tb.env.statistics import Statistics
from tb.env.timeline import Order, Timeline
from tb.model import EndpointModel, Mismatch
from tb.observations import (ConfigAccess, DeviceReset, EventAccepted, FaultReported, GenerationInput, HardReset,
                             KickTaken, LineLevel, MessageAnswered, MessagePresented, MessageStarted,
                             NeedsResetInput, RegisterRead, RegisterWrite)


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
    """

    def __init__(self, config, clocking):
        self.model = EndpointModel(config)
        self.compared: Counter[str] = Counter()
        self.statistics = Statistics()
        self._clocking = clocking
        self._history = History(clocking, config)
        self._timeline = Timeline()
        model = self.model
        self._handlers = {
            MessageStarted: (Order.MESSAGE_STARTED, "messages", self._message_started),
            MessagePresented: (Order.MESSAGE_PRESENTED, None, model.message),
            KickTaken: (Order.KICK_TAKEN, "kicks", model.kick),
            LineLevel: (Order.LINE_LEVEL, "line changes", model.line),
            ConfigAccess: (Order.CONFIG_ACCESS, "config accesses", model.config_access),
            DeviceReset: (Order.DEVICE_RESET, "device resets", model.device_reset),
            MessageAnswered: (Order.MESSAGE_ANSWERED, None, model.answer),
            FaultReported: (Order.FAULT_REPORTED, "faults", model.fault),
            EventAccepted: (Order.EVENT_ACCEPTED, "events", model.event),
            NeedsResetInput: (Order.NEEDS_RESET_INPUT, None, model.needs_reset_input),
            GenerationInput: (Order.NEEDS_RESET_INPUT, None, model.generation_input),
            HardReset: (Order.HARD_RESET, None, model.hard_reset),
        }

    def observe(self, observation) -> None:
        """Take an observation of any kind but register accesses, in its cycle."""
        order, kind, deliver = self._handlers[type(observation)]

        def compare(observation):
            self._history.other(cycle, observation)
            self._compare(kind, deliver, observation)
        cycle = self._clocking.cycle
        self._timeline.put(cycle, order, compare, observation)

    def write_accepted(self, write: RegisterWrite) -> None:
        """Take a register write in the cycle of its acceptance."""
        def compare(write):
            self._history.write(write)
            self._compare("register writes", self.model.write_accepted, write)
        self._timeline.put(write.accepted, Order.WRITE_ACCEPTED, compare, write)

    def write_responded(self, write: RegisterWrite) -> None:
        """Take a register write in the first cycle of its response."""
        self.statistics.register_accesses += 1
        self._timeline.put(write.responded, Order.WRITE_RESPONDED,
                           lambda write: self._compare(None, self.model.write_responded, write), write)

    def read_responded(self, read: RegisterRead) -> None:
        """Take a register read in the first cycle of its data."""
        def compare(read):
            self._history.read(read)
            self._compare("register reads", self.model.read, read)
        self.statistics.register_accesses += 1
        self._timeline.put(read.responded, Order.READ_RESPONDED, compare, read)

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
        self.flush()
        for kind in expected:
            if not self.compared[kind]:
                self._fail("scoreboard", f"no {kind} were compared")
        if not self.compared:
            self._fail("scoreboard", "nothing was compared")
        account = self._guard(self.model.finish, self._clocking.cycle)
        self.statistics.counts = account.as_dict()
        self.statistics.publish()

    def _message_started(self, message: MessageStarted) -> None:
        self.statistics.message_cycles.append(message.cycle)
        self.model.message_started(message)

    def _compare(self, kind: str | None, deliver, observation) -> None:
        if kind:
            self.compared[kind] += 1
        self._guard(deliver, observation)

    def _guard(self, call, argument):
        try:
            return call(argument)
        except Mismatch as mismatch:
            self._fail(mismatch.rule, str(mismatch))

    def _fail(self, rule: str, text: str):
        raise ScoreboardError(rule, f"{rule}: {text}\n"
                                    f"now in cycle {self._clocking.cycle}; what led to it, by cycle:\n"
                                    f"{self._history.report()}") from None
