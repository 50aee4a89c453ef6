# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Names what a register write does beside storing a value; found when the write is accepted."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Effect:
    """Base of the effects of a register write."""


@dataclass(frozen=True)
class Nothing(Effect):
    """No effect on interrupts or kicks."""


@dataclass(frozen=True)
class Reset(Effect):
    """Status = 0."""


@dataclass(frozen=True)
class StatusChange(Effect):
    """Status, not 0; `starts` and `stops` tell a change of DRIVER_OK.

    `without_features`: DRIVER_OK is set though FEATURES_OK was never accepted.
    """

    starts: bool
    stops: bool
    without_features: bool = False


@dataclass(frozen=True)
class Acknowledge(Effect):
    """InterruptACK while InterruptStatus is shown."""

    used: bool
    config: bool


@dataclass(frozen=True)
class Enable(Effect):
    """MSI goes on."""


@dataclass(frozen=True)
class Disable(Effect):
    """MSI goes off."""


@dataclass(frozen=True)
class VectorCommand(Effect):
    """CONFIGURE, MASK or UNMASK of an existing vector."""

    name: str
    vector: int


@dataclass(frozen=True)
class Map(Effect):
    """MAP_CONFIG or MAP_QUEUE; None is no vector."""

    source: int
    old: int | None
    new: int | None


@dataclass(frozen=True)
class QueueReady(Effect):
    """A queue became ready, or stopped being so."""

    queue: int
    ready: bool


@dataclass(frozen=True)
class QueueError(Effect):
    """QueueReady with an impossible QueueNum."""

    queue: int


@dataclass(frozen=True)
class Kick(Effect):
    """QueueNotify or a doorbell of a ready queue after DRIVER_OK."""

    queue: int
    data: int


@dataclass(frozen=True)
class ConfigWrite(Effect):
    """A write of the device configuration window that reaches the device."""

    address: int
    strobe: int
    data: int
