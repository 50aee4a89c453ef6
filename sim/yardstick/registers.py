# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The register steps as accesses, for either side."""

from typing import NamedTuple

from cocotbext.virtio.registers import REGISTERS, FeatureBit, Register, StatusBit

from sim.flow.errors import FlowError, unknown
from sim.yardstick.request import SIZE, Rings

_OFFSETS = {facts.title: int(register) for register, facts in REGISTERS.items()}


class Access(NamedTuple):
    """A register written with a number or read (None), or memory written with bytes."""

    where: int
    what: int | bytes | None


class RegisterSteps:
    """What both sides share.

    Attributes:
        rings: of queue 0.
    """

    def __init__(self, rings: Rings) -> None:
        self.rings = rings

    def accesses(self, step: str) -> list[Access]:
        """The accesses of a step, in order.

        Raises:
            FlowError: there is no such step.
        """
        match step.split():
            case ["read", name]:
                return [Access(_offset(name), None)]
            case ["write", name, value]:
                return [Access(_offset(name), int(value, 0))]
            case ["request"]:
                return [Access(*each) for each in self.rings.request()]
            case ["accept", bits]:
                return _accept(1 << FeatureBit.VERSION_1 | int(bits, 0))
            case ["queue"]:
                return [*(Access(*each) for each in self.rings.empty()), *self._queue()]
        raise FlowError(f"unknown step '{step}'")

    def _queue(self) -> list[Access]:
        accesses = [(Register.QUEUE_SEL, 0), (Register.QUEUE_NUM, SIZE)]
        firsts = (Register.QUEUE_DESC_LOW, Register.QUEUE_DRIVER_LOW, Register.QUEUE_DEVICE_LOW)
        for register, address in zip(firsts, self.rings.parts(), strict=True):
            accesses += [(register, address), (Register(register + 4), 0)]
        return [Access(*each) for each in (*accesses, (Register.QUEUE_READY, 1))]


def _accept(bits: int) -> list[Access]:
    status = StatusBit.ACKNOWLEDGE | StatusBit.DRIVER
    accesses = [Access(Register.STATUS, each) for each in (0, StatusBit.ACKNOWLEDGE, status)]
    for word in (1, 0):
        accesses += [
            Access(Register.DRIVER_FEATURES_SEL, word),
            Access(Register.DRIVER_FEATURES, bits >> 32 * word & 0xFFFF_FFFF),
        ]
    return [*accesses, Access(Register.STATUS, status | StatusBit.FEATURES_OK), Access(Register.STATUS, None)]


def _offset(name: str) -> int:
    if name in _OFFSETS:
        return _OFFSETS[name]
    try:
        return int(name, 0)
    except ValueError:
        raise unknown("register", name, _OFFSETS) from None
