# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What the monitors see at the endpoint's ports: plain records, no simulator import.

Every time is a number of clock cycles: cycle n is the n-th rising edge of aclk, and what is "seen in cycle n" is what
was sampled just before that edge. -1 stands for "not seen yet".
"""

from dataclasses import dataclass


@dataclass
class RegisterWrite:
    """One write on the register bus."""

    address: int  # byte offset
    data: int
    strobe: int  # one bit a byte lane
    accepted: int  # cycle of the later of the AW and W handshakes
    responded: int = -1  # first cycle of BVALID for it
    completed: int = -1  # cycle of the B handshake


@dataclass
class RegisterRead:
    """One read on the register bus."""

    address: int  # byte offset
    data: int | None  # None until RVALID is seen
    accepted: int  # cycle of the AR handshake
    responded: int = -1  # first cycle of RVALID for it
    completed: int = -1  # cycle of the R handshake


@dataclass
class EventAccepted:
    """event_valid && event_ready."""

    cycle: int
    index: int  # 0 = configuration change, q+1 = used buffer on queue q


@dataclass
class KickTaken:
    """notify_valid && notify_ready."""

    cycle: int
    queue: int
    data: int


@dataclass
class LineLevel:
    """irq changed; `cycle` is the first one with the new level."""

    cycle: int
    level: int


@dataclass
class MessageStarted:
    """First cycle of AWVALID for a message; `data` if WVALID is high in it, too."""

    cycle: int
    address: int
    data: int | None = None


@dataclass
class MessagePresented:
    """A message whose AW and W have both been taken."""

    presented: int  # first cycle of AWVALID for it
    taken: int  # cycle of the AW handshake
    w_taken: int  # cycle of the W handshake
    address: int
    data: int


@dataclass
class MessageAnswered:
    """B handshake on the message bus; answers come in the order of the messages."""

    cycle: int
    response: int  # BRESP: 0 OKAY, 2 SLVERR, 3 DECERR


@dataclass
class FaultReported:
    """msi_error_valid."""

    cycle: int
    vector: int


@dataclass
class DeviceReset:
    """device_reset."""

    cycle: int


@dataclass
class HardReset:
    """aresetn low at a clock edge."""

    cycle: int


@dataclass
class NeedsResetInput:
    """needs_reset changed; `cycle` is the first one with the new level."""

    cycle: int
    level: int


@dataclass
class ConfigAccess:
    """config_en: a write if `strobe` (config_we) is not 0, else a read with the data that came one cycle later."""

    cycle: int
    address: int  # byte offset from register 0x100
    strobe: int
    data: int


@dataclass
class GenerationInput:
    """config_generation changed; `cycle` is the first one with the new value."""

    cycle: int
    value: int


# What is seen at the ports but for register accesses, which have two moments each.
Transaction = (
    EventAccepted
    | KickTaken
    | LineLevel
    | MessageStarted
    | MessagePresented
    | MessageAnswered
    | FaultReported
    | DeviceReset
    | HardReset
    | NeedsResetInput
    | ConfigAccess
    | GenerationInput
)
