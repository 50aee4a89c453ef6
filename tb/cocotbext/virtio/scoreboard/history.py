# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The recent past, readable: what a failure report shows."""

from collections import deque
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from cocotbext.virtio.clock_reset import ClockReset
from cocotbext.virtio.config import EVENT_CONFIG, EndpointConfig
from cocotbext.virtio.registers import name_of
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
    Transaction,
)
from cocotbext.virtio.value_names import value_name

RESPONSES = ("OKAY", "EXOKAY", "SLVERR", "DECERR")

_Entry = tuple[
    int, Callable[[Any], str], RegisterWrite | RegisterRead | Transaction
]  # cycle, how to put it in words, what


class History:
    """Keeps the last register accesses and the last of everything else.

    Args:
        clock: for the simulation time of a cycle.
        config: the EndpointConfig, for register names.
        accesses, others: how many to keep.
    """

    def __init__(self, clock: ClockReset, config: EndpointConfig, accesses: int = 20, others: int = 20) -> None:
        self._clock = clock
        self._config = config
        self._accesses: deque[_Entry] = deque(maxlen=accesses)
        self._others: deque[_Entry] = deque(maxlen=others)

    def write(self, write: RegisterWrite) -> None:
        """Remember a register write."""
        self._accesses.append((write.accepted, self._write_text, write))

    def read(self, read: RegisterRead) -> None:
        """Remember a register read."""
        self._accesses.append((read.responded, self._read_text, read))

    def other(self, cycle: int, transaction: Transaction) -> None:
        """Remember anything else that was observed."""
        self._others.append((cycle, _text, transaction))

    def _write_text(self, write: RegisterWrite) -> str:
        text = f"write {name_of(write.address, self._config)} = {_value(write)}"
        if write.strobe != 0xF:
            text += f" strobe {write.strobe:04b}"
        answered = f"answered in {write.responded}" if write.responded >= 0 else "not answered"
        return f"{text}, {answered}"

    def _read_text(self, read: RegisterRead) -> str:
        return f"read  {name_of(read.address, self._config)} -> {_value(read)}, asked in {read.accepted}"

    def report(self) -> str:
        """The remembered past in order, one line each, with cycle and simulation time."""
        lines = []
        for cycle, text, transaction in sorted((*self._accesses, *self._others), key=lambda entry: entry[0]):
            lines.append(f"  {cycle:>8} {self._clock.time_of(cycle):>12.1f} ns  {text(transaction)}")
        return "\n".join(lines) or "  nothing yet"


def _value(access: RegisterWrite | RegisterRead) -> str:
    data = access.data
    assert data is not None  # a read is remembered when it is answered
    name = value_name(access.address, data)
    return f"{data:#x} ({name})" if name else f"{data:#x}"


def _text(transaction: Transaction) -> str:
    match transaction:
        case MessageStarted():
            data = "" if transaction.data is None else f" = {transaction.data:#x}"
            return f"message to {transaction.address:#x}{data} presented"
        case MessagePresented():
            return (
                f"message to {transaction.address:#x} = {transaction.data:#x} taken, AW in {transaction.taken}, "
                f"W in {transaction.w_taken}, presented in {transaction.presented}"
            )
        case MessageAnswered():
            return f"message answered {RESPONSES[transaction.response]}"
        case EventAccepted():
            used = f"used buffer on queue {transaction.index - 1}"
            return f"event {transaction.index}, {'configuration change' if transaction.index == EVENT_CONFIG else used}"
        case KickTaken():
            return f"kick of queue {transaction.queue}, data {transaction.data:#x}, taken"
        case ConfigAccess():
            arrow = f"write lanes {transaction.strobe:04b} =" if transaction.strobe else "read ->"
            return f"device configuration +{transaction.address:#x} {arrow} {transaction.data:#x}"
        case LineLevel():
            return f"irq goes {'high' if transaction.level else 'low'}"
        case NeedsResetInput():
            return f"the device's needs_reset goes {'high' if transaction.level else 'low'}"
        case GenerationInput():
            return f"the device's config_generation becomes {transaction.value}"
        case FaultReported():
            return f"failed message of vector {transaction.vector} reported"
        case DeviceReset():
            return "the device is reset by the driver"
        case HardReset():
            return "aresetn is low"
    values = ", ".join(f"{name} {value:#x}" for name, value in asdict(transaction).items() if name != "cycle")
    return " ".join((type(transaction).__name__, values)).strip()
