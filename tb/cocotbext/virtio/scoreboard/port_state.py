# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What the device sees of the driver's work, compared with the reference model."""

ROWS = 16  # queues looked up at most


async def check_port_state(interface, core) -> None:
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
