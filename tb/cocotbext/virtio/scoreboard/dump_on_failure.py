# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Leaves recent activity in the log when a test ends before the end-of-test check."""

import cocotb
from cocotb.triggers import Event
from cocotbext.virtio.scoreboard.scoreboard import Scoreboard


def dump_on_failure(scoreboard: Scoreboard) -> None:
    """From now on, when the test fails or runs out of time, log what *scoreboard* has seen last."""
    cocotb.start_soon(_wait(scoreboard))


async def _wait(scoreboard: Scoreboard) -> None:
    try:
        await Event().wait()  # cancelled at the end of the test, whatever ends it
    finally:
        if not scoreboard.closed:
            cocotb.log.info("%s", scoreboard.recent_activity())
            scoreboard.give_up()
