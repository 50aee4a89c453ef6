"""Kick port: the device's side that takes available-buffer notifications."""

from tb.agents.kicks.kick_monitor import KickMonitor
from tb.agents.kicks.kick_sink import KickSink

__all__ = ["KickMonitor", "KickSink"]
