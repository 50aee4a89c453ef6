# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Decodes a register write: new driver state, and effect."""

from dataclasses import replace
from typing import Any

from cocotbext.virtio.config import EVENT_CONFIG, NO_VECTOR, used_event
from cocotbext.virtio.model.context import Context
from cocotbext.virtio.model.driver_state import DriverState, Setup
from cocotbext.virtio.model.effects import (
    Acknowledge,
    ConfigWrite,
    Disable,
    Effect,
    Enable,
    Kick,
    Map,
    Nothing,
    QueueError,
    QueueReady,
    Reset,
    StatusChange,
    VectorCommand,
)
from cocotbext.virtio.model.event_map import EventMap
from cocotbext.virtio.model.queues import ADDRESS_FIELDS, QueueTable
from cocotbext.virtio.model.register_states import StateSpan
from cocotbext.virtio.model.vectors import VectorTable
from cocotbext.virtio.registers import CONFIG_WINDOW_OFFSET, FeatureBit, InterruptBit, MsiCommand, Register, StatusBit

STAGED = {
    Register.MSI_VEC_SEL: "vec_sel",
    Register.MSI_ADDR_LOW: "address_low",
    Register.MSI_ADDR_HIGH: "address_high",
    Register.MSI_DATA: "data",
}
SELECTORS = {
    Register.DEVICE_FEATURES_SEL: "device_features_sel",
    Register.DRIVER_FEATURES_SEL: "driver_features_sel",
    Register.QUEUE_SEL: "queue_sel",
}


class Writes:
    """Applies register writes to the tables and opens a span for each of them."""

    def __init__(self, context: Context, queues: QueueTable, mapping: EventMap, vectors: VectorTable) -> None:
        self._context = context
        self._queues = queues
        self._mapping = mapping
        self._vectors = vectors

    def accept(self, address: int, data: int, strobe: int, ignored: bool = False) -> StateSpan:
        """A write was accepted now. Returns the span that it opens.

        `ignored`: a reset goes on behind its response (ANSWER_AT_ONCE), so control registers ignore writes.
        """
        states = self._context.states
        before = states.latest.state
        number = states.latest.number + 1
        state = before
        effect: Effect = Nothing()
        if address < CONFIG_WINDOW_OFFSET:
            if strobe == 0xF and address % 4 == 0 and not ignored:
                state, effect = self._control(before, number, address, data)
        else:
            effect = self._config_window(address, data, strobe)
        queue = self._doorbell(before, address, data, strobe)
        if queue is not None:
            effect = self._kick(before, queue, data)
        span = states.add(self._context.now, state, effect)
        match effect:
            case Reset():
                self._mapping.reset(span)
                self._vectors.reset_setups(span)
            case Map():
                self._mapping.set(effect.source, span, effect.new)
            case VectorCommand():
                self._vectors.set_up(span, effect.vector, self._command(state, effect))
        return span

    # ------------------------------------------------------------------ control registers
    def _control(self, state: DriverState, number: int, address: int, data: int) -> tuple[DriverState, Effect]:
        try:
            register = Register(address)
        except ValueError:
            return state, Nothing()
        if register in SELECTORS:
            return _with(state, SELECTORS[register], data), Nothing()
        if register in STAGED:
            return (_with(state, STAGED[register], data) if self._msi(state) else state), Nothing()
        if register in ADDRESS_FIELDS or register == Register.QUEUE_NUM:
            if self._queues.exists(state.queue_sel):
                self._queues.write_field(state.queue_sel, number, register, data)
            return state, Nothing()
        match register:
            case Register.DRIVER_FEATURES:
                return self._driver_features(state, data), Nothing()
            case Register.STATUS:
                return self._status(state, number, data)
            case Register.QUEUE_READY:
                return state, self._queue_ready(state, number, data)
            case Register.QUEUE_NOTIFY:
                return state, self._kick(state, self._notified(state, data), data)
            case Register.INTERRUPT_ACK:
                if state.enabled or not state.driver_ok:
                    return state, Nothing()
                return state, Acknowledge(
                    used=bool(data & InterruptBit.USED_BUFFER), config=bool(data & InterruptBit.CONFIG_CHANGE)
                )
            case Register.MSI_CMD if self._msi(state):
                return self._msi_command(state, data)
        return state, Nothing()

    def _msi(self, state: DriverState) -> bool:
        config = self._context.config
        return bool(config.msi_support) and state.negotiated(config.msi_feature_bit)

    def _driver_features(self, state: DriverState, data: int) -> DriverState:
        if state.features is not None:
            return state
        if state.driver_features_sel > 1:
            return replace(state, features_beyond=state.features_beyond or data != 0)
        shift = 32 * state.driver_features_sel
        kept = state.driver_features & ~(0xFFFFFFFF << shift)
        return replace(state, driver_features=kept | data << shift)

    def _status(self, state: DriverState, number: int, data: int) -> tuple[DriverState, Effect]:
        status = data & 0xFF
        if status == 0:
            self._queues.reset(number)
            return DriverState(), Reset()
        status &= ~StatusBit.DEVICE_NEEDS_RESET
        features = state.features
        if status & StatusBit.FEATURES_OK and features is None:
            wanted = state.driver_features
            if (
                wanted & ~self._context.config.offered_features
                or state.features_beyond
                or not wanted >> FeatureBit.VERSION_1 & 1
            ):
                status &= ~StatusBit.FEATURES_OK
            else:
                features = wanted
        after = replace(state, status=int(status), features=features)
        starts = after.driver_ok and not state.driver_ok
        stops = state.driver_ok and not after.driver_ok
        return after, StatusChange(starts, stops, without_features=starts and features is None)

    def _queue_ready(self, state: DriverState, number: int, data: int) -> Effect:
        queue = state.queue_sel
        if not self._queues.exists(queue):
            return Nothing()
        row = self._queues.latest(queue)
        if data == 0:
            if not row.ready:
                return Nothing()
            self._queues.set(queue, number, replace(row, ready=False))
            return QueueReady(queue, False)
        if not self._queues.usable(row, state.negotiated(FeatureBit.RING_PACKED)):
            return QueueError(queue)
        if row.ready:
            return Nothing()
        self._queues.set(queue, number, replace(row, ready=True))
        return QueueReady(queue, True)

    # ------------------------------------------------------------------ kicks
    @staticmethod
    def _notified(state: DriverState, data: int) -> int:
        return data & 0xFFFF if state.negotiated(FeatureBit.NOTIFICATION_DATA) else data

    def _doorbell(self, state: DriverState, address: int, data: int, strobe: int) -> int | None:
        config = self._context.config
        if not (config.notify_doorbells and state.negotiated(FeatureBit.MMIO_NOTIFICATION) and strobe == 0xF):
            return None
        offset = address - config.notify_base
        if config.notify_multiplier == 0:
            return self._notified(state, data) if offset == 0 else None
        queue, rest = divmod(offset, config.notify_multiplier)
        return queue if rest == 0 and 0 <= queue < config.num_queues else None

    def _kick(self, state: DriverState, queue: int, data: int) -> Effect:
        if state.driver_ok and self._queues.exists(queue) and self._queues.latest(queue).ready:
            return Kick(queue, data)
        return Nothing()

    # ------------------------------------------------------------------ MSI
    def _msi_command(self, state: DriverState, code: int) -> tuple[DriverState, Effect]:
        config = self._context.config
        vector = state.vec_sel
        exists = vector < config.num_vectors
        match code:
            case MsiCommand.ENABLE:
                return replace(state, enabled=True), Nothing() if state.enabled else Enable()
            case MsiCommand.DISABLE:
                return replace(state, enabled=False), Disable() if state.enabled else Nothing()
            case MsiCommand.CONFIGURE | MsiCommand.MASK | MsiCommand.UNMASK:
                return state, VectorCommand(MsiCommand(code).name, vector) if exists else Nothing()
            case MsiCommand.MAP_CONFIG:
                return state, self._map(EVENT_CONFIG, vector)
            case MsiCommand.MAP_QUEUE if self._queues.exists(state.queue_sel):
                return state, self._map(used_event(state.queue_sel), vector)
        return state, Nothing()

    def _map(self, source: int, selected: int) -> Effect:
        config = self._context.config
        if selected == NO_VECTOR:
            new = None
        elif selected < config.num_vectors and (config.msi_sharing or selected == source):
            new = selected
        else:
            return Nothing()
        return Map(source, self._mapping.at(source, self._context.states.latest), new)

    def _command(self, state: DriverState, effect: VectorCommand) -> Setup:
        setup = self._vectors[effect.vector].setup.latest
        match effect.name:
            case "MASK":
                return setup._replace(masked=True)
            case "UNMASK":
                return setup._replace(masked=False)
        address = state.address_high << 32 | state.address_low & ~3  # a message is one aligned word
        return setup._replace(pair=(address, state.data) if address else None)

    # ------------------------------------------------------------------ device configuration
    def _config_window(self, address: int, data: int, strobe: int) -> Effect:
        offset = (address & ~3) - CONFIG_WINDOW_OFFSET
        lanes = sum(
            1 << lane for lane in range(4) if strobe >> lane & 1 and offset + lane < self._context.config.config_bytes
        )
        return ConfigWrite(offset, lanes, data) if lanes else Nothing()


def _with(state: DriverState, field: str, value: Any) -> DriverState:
    return replace(state, **{field: value})
