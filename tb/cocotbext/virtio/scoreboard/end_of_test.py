# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What a test does at its end: compare what the device sees with the model, or leave recent activity in the log."""

import cocotb
from cocotb.triggers import Event
from cocotbext.virtio.bfm.endpoint_interface import EndpointInterface
from cocotbext.virtio.scoreboard.scoreboard import Scoreboard

ROWS = 16  # queues looked up at most


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


async def check_port_state(interface: EndpointInterface, core: Scoreboard) -> None:
    """Compare driver_features, device_status and rows of the queue table with the model.

    Call it when the ports are quiet. With many queues the first and the last rows are taken, and one
    beyond the end.

    Args:
        interface: the EndpointInterface.
        core: the Scoreboard.

    Raises:
        ScoreboardError: they differ.
    """
    count = interface.config.num_queues
    queues = set(range(min(count, ROWS // 2))) | set(range(max(0, count - ROWS // 2), count)) | {count}
    for queue in sorted(queues):
        core.row_shown(queue, await interface.queue_table.row(queue))
    core.features_shown(interface.device_state.driver_features)
    core.status_shown(interface.device_state.device_status)
