# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Predicts what every register reads."""

from collections.abc import Callable

from cocotbext.virtio.config import used_event
from cocotbext.virtio.model.causes import Kind
from cocotbext.virtio.model.config_window import ConfigWindow
from cocotbext.virtio.model.context import Context
from cocotbext.virtio.model.effects import Acknowledge, Enable, Reset
from cocotbext.virtio.model.event_map import EventMap
from cocotbext.virtio.model.interrupt_status import InterruptStatus
from cocotbext.virtio.model.mismatch import Mismatch
from cocotbext.virtio.model.needs_reset import NeedsReset
from cocotbext.virtio.model.queues import QueueTable
from cocotbext.virtio.model.register_states import StateSpan
from cocotbext.virtio.model.ternary import Ternary, TernaryLog
from cocotbext.virtio.model.vectors import VectorTable
from cocotbext.virtio.registers import (
    CONFIG_WINDOW_OFFSET,
    MAGIC_VALUE,
    MSI_NO_MAPPING,
    MSI_VEC_STATE_MAPPING_LSB,
    QUEUE_NOTIFY_BASE_LSB,
    QUEUE_NOTIFY_MULTIPLIER_LSB,
    VERSION_VALUE,
    FeatureBit,
    InterruptBit,
    MsiStateBit,
    MsiVecStateBit,
    Register,
    StatusBit,
    name_of,
)
from cocotbext.virtio.transactions import RegisterRead

ALL_ONES = 0xFFFFFFFF
SHM = {Register.SHM_LEN_LOW, Register.SHM_LEN_HIGH, Register.SHM_BASE_LOW, Register.SHM_BASE_HIGH}
MSI_REGISTERS = {
    Register.MSI_VEC_NUM,
    Register.MSI_STATE,
    Register.MSI_VEC_STATE,
    Register.MSI_VEC_SEL,
    Register.MSI_ADDR_LOW,
    Register.MSI_ADDR_HIGH,
    Register.MSI_DATA,
}
# Bits that stand for events: one too few is an event lost, one too many has no cause.
_EVENT_BITS: dict[int, int] = {
    Register.INTERRUPT_STATUS: InterruptBit.USED_BUFFER | InterruptBit.CONFIG_CHANGE,
    Register.MSI_VEC_STATE: MsiVecStateBit.PENDING,
}
LOOK_BACK = 2  # a pending bit or an input may be sampled this many cycles before the read is accepted


class Reads:
    """Predicts reads. A read looks at its register at one time between its acceptance and its response."""

    def __init__(
        self,
        context: Context,
        queues: QueueTable,
        mapping: EventMap,
        vectors: VectorTable,
        status: InterruptStatus,
        needs_reset: NeedsReset,
        config_window: ConfigWindow,
        unanswered: Callable[[], int],
    ) -> None:
        self._context = context
        self._queues = queues
        self._mapping = mapping
        self._vectors = vectors
        self._status = status
        self._needs_reset = needs_reset
        self._config_window = config_window
        self.unanswered = unanswered  # number of messages on the bus
        self._generation: list[tuple[int, int]] = []  # cycle, value
        self.draining = False  # ANSWER_AT_ONCE: Status = 0 was written, and Status has not read 0 since
        self.stopping = False  # ANSWER_AT_ONCE: a queue was stopped, and QueueReady has not read 0 since

    def generation(self, cycle: int, value: int) -> None:
        """The config_generation input changed."""
        self._generation.append((cycle, value))

    def check(self, read: RegisterRead) -> None:
        """A read was answered. Raises Mismatch."""
        address, data = read.address, read.data
        assert data is not None, "only a read that was answered can be checked"
        where = (
            f"read of {name_of(address, self._context.config)} accepted in cycle {read.accepted}, answered in "
            f"cycle {read.responded}"
        )
        if address >= CONFIG_WINDOW_OFFSET:
            self._check_window(read, where)
            return
        if self._not_done(read, where):
            return
        if address == Register.CONFIG_GENERATION:
            self._check_generation(read, where)
            return
        expected = []
        lacking = exceeding = _EVENT_BITS.get(address, 0)  # bits wrong whichever state the read has looked at
        spans = self._context.states.between(read.accepted, read.responded)
        for span in spans:
            value, either = self._predict(span, read)
            if not (data ^ value) & ~either:
                self._learn(read, spans)
                return
            lacking &= value & ~data & ~either
            exceeding &= data & ~value & ~either
            expected.append(f"0x{value:08x}" + (f" (bits 0x{either:x} may be either)" if either else ""))
        self._context.counts.lost += lacking.bit_count()
        self._context.counts.without_cause += exceeding.bit_count()
        rule, hint = self._rule(address)
        raise Mismatch(rule, f"{where}: got 0x{data:08x}, expected {' or '.join(dict.fromkeys(expected))}{hint}")

    def _not_done(self, read: RegisterRead, where: str) -> bool:
        """With ANSWER_AT_ONCE: whether the read shows that a reset or a stop is not done yet. Raises Mismatch."""
        if read.address == Register.STATUS and self.draining:
            if read.data:
                return True
            if unanswered := self.unanswered():
                raise Mismatch("rule 11", f"{where}: got 0, but {unanswered} messages are not answered")
            self.draining = False
        elif read.address == Register.QUEUE_READY and self.stopping:
            if read.data == 1:
                return True
            self.stopping = False
        return False

    # ------------------------------------------------------------------ one register, in one span
    def _predict(self, span: StateSpan, read: RegisterRead) -> tuple[int, int]:
        """The value and the bits of it that are not known."""
        state, config = span.state, self._context.config
        try:
            register = Register(read.address)
        except ValueError:
            return 0, 0
        if register in SHM:
            return ALL_ONES, 0
        if register in MSI_REGISTERS:
            if not (config.msi_support and state.negotiated(config.msi_feature_bit)):
                return 0, 0
            return self._msi(register, span, read)
        match register:
            case Register.MAGIC_VALUE:
                return MAGIC_VALUE, 0
            case Register.VERSION:
                return VERSION_VALUE, 0
            case Register.DEVICE_ID:
                return config.device_id, 0
            case Register.VENDOR_ID:
                return config.vendor_id, 0
            case Register.DEVICE_FEATURES:
                return self._word(config.offered_features, state.device_features_sel), 0
            case Register.QUEUE_NUM_MAX:
                return (config.queue_num_max if self._queues.exists(state.queue_sel) else 0), 0
            case Register.QUEUE_READY:
                return int(self._queues.at(state.queue_sel, span).ready), 0
            case Register.QUEUE_NOTIFY:
                if config.notify_doorbells and state.negotiated(FeatureBit.MMIO_NOTIFICATION):
                    return (
                        config.notify_base << QUEUE_NOTIFY_BASE_LSB
                        | config.notify_multiplier << QUEUE_NOTIFY_MULTIPLIER_LSB
                    ) & ALL_ONES, 0
                return 0, 0
            case Register.INTERRUPT_STATUS:
                return self._interrupt_status(read)
            case Register.STATUS:
                return self._with_bit(
                    state.status,
                    StatusBit.DEVICE_NEEDS_RESET,
                    self._needs_reset.bit,
                    read.accepted - LOOK_BACK,
                    read.responded,
                )
        return 0, 0

    @staticmethod
    def _word(features: int, selector: int) -> int:
        return features >> 32 * selector & ALL_ONES if selector < 2 else 0

    @staticmethod
    def _with_bit(value: int, bit: int, log: TernaryLog, first: int, last: int, either: int = 0) -> tuple[int, int]:
        known = log.during(first, last)
        if known is Ternary.MAYBE:
            return value, either | bit
        return value | (bit if known is Ternary.YES else 0), either

    def _interrupt_status(self, read: RegisterRead) -> tuple[int, int]:
        value = either = 0
        for kind, bit in self._status.bits.items():
            value, either = self._with_bit(value, 1 << kind, bit.shown, read.accepted, read.responded, either)
        return value, either

    def _msi(self, register: Register, span: StateSpan, read: RegisterRead) -> tuple[int, int]:
        state, config = span.state, self._context.config
        match register:
            case Register.MSI_VEC_NUM:
                return config.num_vectors, 0
            case Register.MSI_STATE:
                value = 0
                if state.enabled:
                    value |= MsiStateBit.ENABLED | MsiStateBit.ENABLED_ALT
                if config.msi_sharing:
                    value |= MsiStateBit.SHARING | MsiStateBit.SHARING_ALT
                return int(value), 0
            case Register.MSI_VEC_SEL:
                return state.vec_sel, 0
            case Register.MSI_ADDR_LOW:
                return state.address_low, 0
            case Register.MSI_ADDR_HIGH:
                return state.address_high, 0
            case Register.MSI_DATA:
                return state.data, 0
        mapped = None
        if self._queues.exists(state.queue_sel):
            mapped = self._mapping.at(used_event(state.queue_sel), span)
        value = (MSI_NO_MAPPING if mapped is None else mapped) << MSI_VEC_STATE_MAPPING_LSB
        if state.vec_sel >= config.num_vectors:
            return value, 0
        vector = self._vectors[state.vec_sel]
        setup = vector.setup.at(span.number)
        value |= MsiVecStateBit.MASKED if setup.masked else 0
        value |= MsiVecStateBit.CONFIGURED if setup.pair is not None else 0
        return self._with_bit(
            int(value), MsiVecStateBit.PENDING, vector.pending, read.accepted - LOOK_BACK, read.responded
        )

    @staticmethod
    def _rule(address: int) -> tuple[str, str]:
        match address:
            case Register.INTERRUPT_STATUS:
                return "rule 2", "; an event is lost, or has come from nowhere"
            case Register.MSI_VEC_STATE:
                return "choice 3", ""
            case Register.STATUS:
                return "choice 9", ""
            case Register.QUEUE_READY:
                return "choice 7", ""
        return "register map", ""

    # ------------------------------------------------------------------ what a read tells
    def _learn(self, read: RegisterRead, spans: list[StateSpan]) -> None:
        """A read settles what was uncertain, if no write raced with it."""
        if len(spans) > 1:
            return
        state, data = spans[0].state, read.data
        assert data is not None
        if read.address == Register.INTERRUPT_STATUS and state.driver_ok and not state.enabled:
            if not isinstance(spans[0].effect, (Acknowledge, Enable, Reset)) or spans[0].committed:
                for kind in Kind:
                    self._status.seen(kind, data >> kind & 1, read.accepted)
        elif (
            read.address == Register.MSI_VEC_STATE
            and state.enabled
            and state.vec_sel < self._context.config.num_vectors
        ):
            if not data & MsiVecStateBit.PENDING:
                vector = self._vectors[state.vec_sel]
                first = read.accepted - LOOK_BACK
                # Only if none of its messages can be on its way to the bus, taken and not presented.
                if not vector.owes_any and self._vectors.masked(vector, first, read.responded + 1):
                    self._vectors.certainly_idle(vector, first)
            else:
                self._pending_seen(state.vec_sel, read.accepted - LOOK_BACK)

    def _pending_seen(self, number: int, cycle: int) -> None:
        vector = self._vectors[number]
        kinds = set().union(*(cause.kinds for cause in vector.causes))
        if len(kinds) == 1 and not vector.owes_any:
            self._vectors.owe(vector, kinds.pop(), cycle)

    # ------------------------------------------------------------------ what comes from the device
    def _check_window(self, read: RegisterRead, where: str) -> None:
        expected = self._config_window.expected(read.address, read.accepted, read.responded)
        if expected is None:
            raise Mismatch("MMIO-7", f"{where}: got 0x{read.data:08x}, but the device was not asked")
        if expected != read.data:
            raise Mismatch("MMIO-7", f"{where}: got 0x{read.data:08x}, the device gave 0x{expected:08x}")

    def _check_generation(self, read: RegisterRead, where: str) -> None:
        values, first = self._generation, read.accepted - LOOK_BACK
        while len(values) > 1 and values[1][0] <= first:
            values.pop(0)
        possible = [value for cycle, value in values if cycle <= read.responded]
        if possible and read.data not in possible:
            raise Mismatch(
                "MMIO-56",
                f"{where}: got 0x{read.data:08x}, config_generation was "
                f"{' or '.join(f'0x{value:08x}' for value in possible)}",
            )
