# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""States what the model assumes about an endpoint's speed; everything else that is predicted is function."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Timing:
    """Limits in clock cycles, or messages. The defaults suit any endpoint that keeps the contract's figures.

    An environment that knows its endpoint better can pass closer ones: the closer, the more the model notices.
    """

    event_settle: int = 4  # an accepted event has taken effect after at most this many cycles
    fastest_message: int = 1  # no message can be due to an event accepted fewer cycles before it is presented
    take_latency: int = 4  # from taking a message for sending (rule 4) to presenting it on a free bus
    prefetch: int = 4  # messages that may be taken already and wait for the bus
    outstanding: int = 8  # unanswered messages at which the endpoint may pause
    quiet: int = 32  # on a bus that was free for so long, a message that is due has come
    line: int = 4  # from InterruptStatus to irq
    walk: int = 16  # ENABLE's conversion takes NUM_QUEUES cycles and at most this many more (rule 9)
    needs_reset: int = 8  # from the cause to DEVICE_NEEDS_RESET and to its configuration change event
    fault: int = 8  # from an error response to msi_error_valid
    config_access: int = 8  # from the response of a write to its access of the device configuration port
