# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Compares the endpoint's ports with its contract: the entry of the reference model."""

from collections.abc import Callable
from typing import Any, TypeVarTuple

from cocotbext.virtio.config import EndpointConfig
from cocotbext.virtio.model.bus import MessageBus
from cocotbext.virtio.model.config_window import ConfigWindow
from cocotbext.virtio.model.context import Context
from cocotbext.virtio.model.driver_state import DriverState
from cocotbext.virtio.model.effects import QueueError, QueueReady, Reset, StatusChange, VectorCommand
from cocotbext.virtio.model.end_of_cycle_queue import EndOfCycleQueue
from cocotbext.virtio.model.event_counts import EventCounts
from cocotbext.virtio.model.event_map import EventMap
from cocotbext.virtio.model.faults import Faults
from cocotbext.virtio.model.interrupt_status import InterruptStatus
from cocotbext.virtio.model.kicks import Kicks
from cocotbext.virtio.model.listener import ModelListener
from cocotbext.virtio.model.liveness import Liveness
from cocotbext.virtio.model.messages import Messages
from cocotbext.virtio.model.mismatch import Mismatch
from cocotbext.virtio.model.needs_reset import NeedsReset
from cocotbext.virtio.model.queues import QueueRow, QueueTable
from cocotbext.virtio.model.reads import Reads
from cocotbext.virtio.model.register_states import RegisterStates, StateSpan
from cocotbext.virtio.model.router import Router
from cocotbext.virtio.model.ternary import Ternary
from cocotbext.virtio.model.timing import Timing
from cocotbext.virtio.model.vectors import VectorTable
from cocotbext.virtio.model.writes import Writes
from cocotbext.virtio.registers import StatusBit
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
    Transaction,
)

_Arguments = TypeVarTuple("_Arguments")

ERROR_RESPONSE = 2  # BRESP: SLVERR; DECERR is above it


class EndpointModel:
    """Compares an endpoint with its contract, from transactions alone.

    Every method that takes a transaction must be called in order of its cycle: that of a RegisterWrite's
    acceptance and response, of a RegisterRead's response, of a message's first presentation (`message_started`) and
    of its later handshake (`message`). The order within one cycle does not matter. A disagreement raises Mismatch
    from the call that shows it, which may be a later one: what happened in a cycle is judged when it is over.

    While a message is presented whose data has not been seen, everything after it is kept back.

    Args:
        config: what the endpoint was built with.
        timing: what is known of the endpoint's speed, in cycles; None for the documented figures.
        listener: told what the model finds out; None for nobody.
    """

    def __init__(
        self, config: EndpointConfig, timing: Timing | None = None, listener: ModelListener | None = None
    ) -> None:
        self.config = config
        self._timing = timing or Timing()
        self.counts = EventCounts()
        self._listener = listener or ModelListener()
        self._kept: list[tuple[Callable[..., None], tuple[Any, ...]]] = []
        self._generation_value: int | None = None
        self._hard_reset_cycle = -1
        self._power_up(0, needs_reset=0)

    def _power_up(self, cycle: int, needs_reset: int) -> None:
        end_of_cycle = EndOfCycleQueue(cycle)
        states = RegisterStates(cycle, DriverState())
        self._context = Context(self.config, self._timing, end_of_cycle, states, self.counts, self._listener)
        self._queues = QueueTable(self._context)
        self._mapping = EventMap(self._context)
        self._vectors = VectorTable(self._context)
        self._bus = MessageBus(self._context)
        self._liveness = Liveness(self._context, self._vectors, self._bus)
        self._status = InterruptStatus(self._context)
        self._router = Router(self._context, self._queues, self._mapping, self._vectors, self._status, self._liveness)
        self._messages = Messages(self._context, self._vectors, self._bus, self._liveness)
        self._faults = Faults(self._context)
        self._needs_reset = NeedsReset(self._context, self._router.needs_reset, needs_reset)
        self._kicks = Kicks(self._context, self._queues)
        self._config_window = ConfigWindow(self._context)
        self._writes = Writes(self._context, self._queues, self._mapping, self._vectors)
        self._reads = Reads(
            self._context,
            self._queues,
            self._mapping,
            self._vectors,
            self._status,
            self._needs_reset,
            self._config_window,
            lambda: self._messages.unanswered,
        )
        if self._generation_value is not None:
            self._reads.generation(cycle, self._generation_value)
        self._resets_possible: list[StateSpan] = []  # writes of Status = 0 without a pulse yet

    # ------------------------------------------------------------------ register bus
    def write_accepted(self, cycle: int, address: int, data: int, strobe: int) -> None:
        """AW and W of a register write were both accepted by `cycle`."""
        self._in_order(cycle, self._write_accepted, address, data, strobe)

    def write_responded(self, cycle: int) -> None:
        """The response of the oldest unanswered write was first presented in `cycle`."""
        self._in_order(cycle, self._write_responded)

    def read(self, read: RegisterRead) -> None:
        """The data of a read was first presented."""
        self._in_order(read.responded, self._reads.check, read)

    def _write_accepted(self, address: int, data: int, strobe: int) -> None:
        self._status.resolve_by_line()
        span = self._writes.accept(address, data, strobe, ignored=self._reads.draining)
        self._context.listener.wrote(span)
        if isinstance(span.effect, Reset):
            self._needs_reset.reset_accepted()
            self._resets_possible.append(span)
        self._router.accepted(span)
        if isinstance(span.effect, QueueError):
            self._needs_reset.error(span)
        if isinstance(span.effect, StatusChange):
            self._needs_reset.written(span)
            if span.effect.without_features and self.config.require_features_ok:
                self._needs_reset.error(span)
        if isinstance(span.effect, VectorCommand):
            self._router.settle_vector(self._vectors[span.effect.vector])
        self._kicks.accepted(span)
        self._config_window.accepted(span)

    def _write_responded(self) -> None:
        span = self._context.states.respond(self._context.now)
        if span is None:
            raise Mismatch("AXI", f"a write response was presented in cycle {self._context.now}, but no write waits")
        self._context.end_of_cycle.at_end_of(self._context.now, self._commit, span)

    def _commit(self, span: StateSpan) -> None:
        """Apply a write that was answered, when the cycle of its response is over."""
        span.committed = True
        match span.effect:
            case Reset():
                self._reset_done(span)
            case QueueError() | StatusChange():
                self._needs_reset.answered(span)
        self._router.committed(span)
        if isinstance(span.effect, VectorCommand):
            self._router.settle_vector(self._vectors[span.effect.vector])
        if self.config.answer_at_once and isinstance(span.effect, QueueReady) and not span.effect.ready:
            self._reads.stopping = True
        self._kicks.committed(span)
        self._config_window.committed(span)
        waiters, span.waiters = span.waiters, []
        for call, argument in waiters:
            call(argument)

    def _reset_done(self, span: StateSpan) -> None:
        self.counts.resets += 1
        if self.config.answer_at_once:
            self._reads.draining = True
        elif self._messages.unanswered:
            raise Mismatch(
                "rule 11",
                f"Status = 0, written in cycle {span.accepted}, was answered in cycle "
                f"{span.responded}, but {self._messages.unanswered} messages were not",
            )
        if span in self._resets_possible:
            raise Mismatch(
                "rule 11",
                f"Status = 0, written in cycle {span.accepted}, was answered in cycle "
                f"{span.responded} without a pulse of device_reset",
            )
        self._needs_reset.reset_done()

    # ------------------------------------------------------------------ events, line, kicks
    def event(self, event: EventAccepted) -> None:
        """The endpoint accepted an event."""
        self._in_order(event.cycle, self._router.event, event.index)

    def line(self, line: LineLevel) -> None:
        """irq changed."""
        self._in_order(line.cycle, self._status.line, line.cycle, line.level)

    def kick(self, kick: KickTaken) -> None:
        """The device took a kick."""
        self._in_order(kick.cycle, self._kicks.taken, kick.cycle, kick.queue, kick.data)

    # ------------------------------------------------------------------ message bus
    def message_started(self, cycle: int, address: int, data: int | None = None) -> None:
        """A message was first presented; its data, too, if W came with AW."""
        entry = [address, data]
        if self._kept or data is None:
            self._kept.append((self._started, (cycle, entry)))
        else:
            self._started(cycle, entry)

    def message(self, message: MessagePresented) -> None:
        """AW and W of the oldest message on the bus were both accepted."""
        for _, arguments in self._kept:
            if isinstance(arguments[-1], list) and arguments[-1][1] is None:
                arguments[-1][1] = message.data
                break
        self._in_order(max(message.taken, message.w_taken), self._messages.taken, max(message.taken, message.w_taken))
        self._release()

    def answer(self, answer: MessageAnswered) -> None:
        """A message was answered."""
        self._in_order(answer.cycle, self._answered, answer)

    def fault(self, fault: FaultReported) -> None:
        """msi_error_valid."""
        self._in_order(fault.cycle, self._faults.reported, fault.cycle, fault.vector)

    def _started(self, cycle: int, entry: list[Any]) -> None:
        self._do(cycle, self._messages.started, cycle, entry[0], entry[1])

    def _answered(self, answer: MessageAnswered) -> None:
        vectors = self._messages.answered(answer.cycle)
        if answer.response >= ERROR_RESPONSE:
            self._faults.error(answer.cycle, vectors)
            self._needs_reset.raise_bit()

    # ------------------------------------------------------------------ device side
    def device_reset(self, reset: DeviceReset) -> None:
        """device_reset was 1 in this cycle."""
        self._in_order(reset.cycle, self._reset_pulse)

    def _reset_pulse(self) -> None:
        if not self._resets_possible:
            raise Mismatch(
                "rule 11", f"device_reset in cycle {self._context.now}, but the driver has not written Status = 0"
            )
        self._resets_possible.pop(0)

    def needs_reset_input(self, change: NeedsResetInput) -> None:
        """needs_reset changed."""
        self._in_order(change.cycle, self._needs_reset_changed, change.level)

    def _needs_reset_changed(self, level: int) -> None:
        self._needs_reset.input_level(level)

    def config_access(self, access: ConfigAccess) -> None:
        """The endpoint accessed the device's configuration. A read may be told one cycle late, with its data."""
        self._in_order(None, self._config_access, access)

    def _config_access(self, access: ConfigAccess) -> None:
        self._config_window.access(access.cycle, access.address, access.strobe, access.data)

    def generation(self, change: GenerationInput) -> None:
        """config_generation changed. Until it is told, ConfigGeneration is not compared."""
        self._in_order(change.cycle, self._generation_changed, change.cycle, change.value)

    def _generation_changed(self, cycle: int, value: int) -> None:
        self._generation_value = value
        self._reads.generation(cycle, value)

    def hard_reset(self, reset: HardReset) -> None:
        """aresetn was low in this cycle: everything is forgotten, and what was told of this cycle, too."""
        kept, self._kept = self._kept, []
        for call, arguments in kept:
            if not (isinstance(arguments[-1], list) and arguments[-1][1] is None):
                call(*arguments)
        if reset.cycle > self._context.now:
            self._context.end_of_cycle.advance(reset.cycle, self._cycle_over)
        self._router.wipe_unsettled()
        self._hard_reset_cycle = reset.cycle
        line = self._status.level
        self._power_up(reset.cycle, self._needs_reset.level)
        self._status.level = line

    # ------------------------------------------------------------------ everything by type
    def observe(self, transaction: Transaction | RegisterRead) -> None:
        """Pass any transaction to its method; a RegisterWrite has two, which must be called by name."""
        self._METHODS[type(transaction)](self, transaction)

    _METHODS: dict[type, Callable[..., None]] = {
        RegisterRead: read,
        EventAccepted: event,
        LineLevel: line,
        KickTaken: kick,
        MessageStarted: lambda self, seen: self.message_started(seen.cycle, seen.address, seen.data),
        MessagePresented: message,
        MessageAnswered: answer,
        FaultReported: fault,
        DeviceReset: device_reset,
        NeedsResetInput: needs_reset_input,
        ConfigAccess: config_access,
        GenerationInput: generation,
        HardReset: hard_reset,
    }

    # ------------------------------------------------------------------ what the ports should show
    @property
    def features(self) -> int:
        """What driver_features shows when every write has been answered."""
        return self._context.states.latest.state.features or 0

    @property
    def status(self) -> int:
        """What Status reads when every write has been answered; DEVICE_NEEDS_RESET only if it is certain."""
        certain = self._needs_reset.bit.value is Ternary.YES
        return self._context.states.latest.state.status | (StatusBit.DEVICE_NEEDS_RESET if certain else 0)

    def queue_lookup(self, queue: int) -> QueueRow:
        """The row that the look-up port shows when every write has been answered."""
        return self._queues.latest(queue)

    @property
    def driver(self) -> DriverState:
        """The driver's registers, as the newest write leaves them."""
        return self._context.states.latest.state

    @property
    def pending_vectors(self) -> set[int]:
        """Vectors that are, or may be, pending."""
        return self._vectors.pending

    @property
    def msi_negotiated(self) -> bool:
        """Whether the driver has accepted MSI."""
        return bool(self.config.msi_support) and self.driver.negotiated(self.config.msi_feature_bit)

    def vector_of(self, source: int, before: StateSpan | None = None) -> int | None:
        """The vector of an event, by its index, None for none: as the newest write leaves it, or as it was before
        the write that opens a span."""
        if before is not None:
            return self._mapping.before(source, before)
        return self._mapping.at(source, self._context.states.latest)

    def vector_state(self, number: int, span: StateSpan) -> tuple[bool, bool, bool]:
        """Of a vector, as it was before the write that opens *span*: configured, masked, maybe pending."""
        setup = self._vectors[number].setup.at(span.number - 1)
        return setup.pair is not None, setup.masked, number in self._vectors.pending

    def driver_features(self, cycle: int, value: int) -> None:
        """driver_features showed `value` in `cycle`, the present one. Raises Mismatch."""
        possible = {span.state.features or 0 for span in self._now_possible(cycle)}
        if value not in possible:
            raise Mismatch(
                "MMIO-32",
                f"driver_features is 0x{value:016x} in cycle {cycle}, expected "
                f"{' or '.join(f'0x{features:016x}' for features in sorted(possible))}",
            )

    def device_status(self, cycle: int, value: int) -> None:
        """device_status showed `value` in `cycle`, the present one; during a reset it may show 0. Raises Mismatch."""
        spans = self._now_possible(cycle)
        certain = self._needs_reset.bit.during(cycle - 1, cycle)
        possible = {
            span.state.status | flag
            for span in spans
            for flag in (0, int(StatusBit.DEVICE_NEEDS_RESET))
            if certain.allows(int(bool(flag)))
        }
        if any(isinstance(span.effect, Reset) for span in spans):
            possible.add(0)
        if value not in possible:
            raise Mismatch(
                "choice 9",
                f"device_status is 0x{value:02x} in cycle {cycle}, expected "
                f"{' or '.join(f'0x{status:02x}' for status in sorted(possible))}",
            )

    def _now_possible(self, cycle: int) -> list[StateSpan]:
        self._context.end_of_cycle.advance(cycle, self._cycle_over)
        return self._context.states.between(cycle - 1, cycle)

    # ------------------------------------------------------------------ the end
    def finish(self, cycle: int) -> EventCounts:
        """Nothing comes after `cycle`. Raises Mismatch if something is missing that should have come by then."""
        kept, self._kept = self._kept, []
        for call, arguments in kept:
            call(*arguments)
        self._context.end_of_cycle.advance(cycle + 1, self._cycle_over)
        for number in sorted(self._vectors.pending):
            vector = self._vectors[number]
            if vector.owes_any and self._vectors.able(vector):
                self.counts.lost += 1
                raise Mismatch(
                    "rule 4",
                    f"vector {number} still owes a message for an event of cycle "
                    f"{vector.oldest_obligation} in cycle {cycle}, though it may send",
                )
        self._kicks.finish(cycle)
        self.counts.still_pending += self._router.still_pending()
        return self.counts

    # ------------------------------------------------------------------ order
    def _in_order(self, cycle: int | None, call: Callable[[*_Arguments], object], *arguments: *_Arguments) -> None:
        if self._kept:
            self._kept.append((self._do, (cycle, call, *arguments)))
        else:
            self._do(cycle, call, *arguments)

    def _do(self, cycle: int | None, call: Callable[[*_Arguments], object], *arguments: *_Arguments) -> None:
        end_of_cycle = self._context.end_of_cycle
        if cycle is not None:
            if cycle <= self._hard_reset_cycle:
                return
            if cycle < end_of_cycle.now:
                raise ValueError(f"a transaction of cycle {cycle} came after one of cycle {end_of_cycle.now}")
            end_of_cycle.advance(cycle, self._cycle_over)
        call(*arguments)

    def _cycle_over(self, following: int) -> None:
        """Judge the present cycle: all of it is known, and nothing happens before cycle `following`."""
        self._status.refresh()
        self._status.check_line(following)

    def _release(self) -> None:
        """Process what was kept back, up to the next message whose data is not known."""
        while self._kept:
            call, arguments = self._kept[0]
            if isinstance(arguments[-1], list) and arguments[-1][1] is None:
                return
            self._kept.pop(0)
            call(*arguments)
