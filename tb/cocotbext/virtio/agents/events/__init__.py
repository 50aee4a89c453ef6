"""Event port: the device's side that owes its driver notifications."""

from cocotbext.virtio.agents.events.event_monitor import EventMonitor
from cocotbext.virtio.agents.events.event_source import EventSource

__all__ = ["EventMonitor", "EventSource"]
