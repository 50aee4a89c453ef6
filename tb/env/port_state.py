"""What the device sees of the driver's work, compared with the reference model."""

from tb.env.scoreboard_core import ScoreboardError

ROWS = 16   # queues looked up at most


async def check_port_state(interface, model) -> None:
    """Compare driver_features, device_status and rows of the queue table with the model.

    Call it when the ports are quiet. With many queues the first and the last rows are taken, and one
    beyond the end.

    Raises:
        ScoreboardError: they differ.
    """
    count = interface.config.num_queues
    queues = set(range(min(count, ROWS // 2))) | set(range(max(0, count - ROWS // 2), count)) | {count}
    for queue in sorted(queues):
        _same("MMIO-35", f"queue table row {queue}",
              tuple(await interface.queue_table.row(queue)), tuple(model.queue_lookup(queue)))
    state = interface.device_state
    _same("MMIO-32", "driver_features", state.driver_features, model.features)
    _same("MMIO-12", "device_status", state.device_status, model.status)


def _same(rule: str, what: str, seen, expected) -> None:
    if seen != expected:
        raise ScoreboardError(rule, f"{what} shows {_hex(seen)}, the model has {_hex(expected)}")


def _hex(value) -> str:
    return "/".join(f"{part:#x}" for part in (value if isinstance(value, tuple) else (value,)))
