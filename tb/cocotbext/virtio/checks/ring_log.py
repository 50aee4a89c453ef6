# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""From the lines of a run log back to the RingTrace whose steps they are. Knows no simulator."""

from collections.abc import Callable, Iterable
from typing import Any

from cocotbext.virtio.checks.ring_trace import RingTrace
from cocotbext.virtio.memory_transactions import MemoryRead, MemoryWrite
from cocotbext.virtio.rings.layout import QueueLayout


def traced(records: Iterable[dict[str, Any]]) -> RingTrace:
    """The trace of one test. Lines of other kinds are passed over.

    Args:
        records: lines of a run log, see :class:`~cocotbext.virtio.scoreboard.run_log.RunLog`.
    """
    trace = RingTrace()
    steps: dict[str, Callable[[dict[str, Any]], None]] = {
        "QueueStarted": lambda at: trace.queue_start(
            at["cycle"], at["queue"], QueueLayout(*at["layout"]), at["features"]
        ),
        "QueueStopped": lambda at: (
            trace.stop_all(at["cycle"]) if at["queue"] is None else trace.queue_stop(at["cycle"], at["queue"])
        ),
        "DriverWrote": lambda at: trace.driver_wrote(at["cycle"], at["address"], bytes.fromhex(at["data"])),
        "Kicked": lambda at: trace.kick(at["cycle"], at["queue"], at["data"]),
        "Notified": lambda at: trace.notified(at["cycle"], at["queue"]),
        "Settled": lambda at: trace.settled(at["cycle"]),
        "MemoryRead": lambda at: trace.read(MemoryRead(**_fields(at))),
        "MemoryWrite": lambda at: trace.write(MemoryWrite(**_fields(at))),
    }
    for record in records:
        step = steps.get(record["kind"])
        if step is not None:
            step(record)
    return trace


def _fields(record: dict[str, Any]) -> dict[str, Any]:
    """Those of a memory transaction."""
    fields = {name: value for name, value in record.items() if name != "kind"}
    return fields | {"data": bytes.fromhex(fields["data"])}
