# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Valid/ready rules of a channel."""

from collections.abc import Callable

from cocotbext.virtio.checks.violation import fail


class ChannelRules:
    """VALID stays until READY, the payload is stable meanwhile, and nothing of it is unknown.

    Args:
        channel: the channel's monitor, which sees all this on its way.
        report: called with (cycle, text) on a violation.
        excused: called to ask whether an offer may be withdrawn now.
    """

    def __init__(self, channel, report=fail, excused: Callable[[], bool] | None = None) -> None:
        def violated(cycle: int, text: str) -> None:
            if excused is None or not excused():
                report(cycle, text)

        channel.on_violation(violated)
