# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The rules that the recorder keeps instead of Python."""

from collections.abc import Callable


class RecordedRules:
    """The register bus makes progress, and no output is unknown; see ProgressBound and NoUnknowns.

    Args:
        dut: the harness.
        channels: the RecordedChannels.
        excused: called to ask whether waiting is allowed now (a reset is being drained).
        limit: cycles without progress.
        report: called with (cycle, text) on a violation.
    """

    def __init__(self, dut, channels, excused: Callable[[], bool], limit: int, report) -> None:
        dut.fast_bus_limit.value = limit

        def stuck(cycle: int, prefix: str, address: int) -> None:
            if not excused():
                report(cycle, f"{prefix}: no ready or response for more than {limit} cycles")

        channels.on_stuck.append(stuck)
        channels.on_unknown.append(report)
