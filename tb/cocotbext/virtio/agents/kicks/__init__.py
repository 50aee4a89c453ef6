"""Kick port: the device's side that takes available-buffer notifications."""

from cocotbext.virtio.agents.kicks.kick_monitor import KickMonitor
from cocotbext.virtio.agents.kicks.kick_sink import KickSink

__all__ = ["KickMonitor", "KickSink"]
