"""Interrupt line: passive, the CPU's view of irq."""

from cocotbext.virtio.agents.line.line_monitor import LineMonitor

__all__ = ["LineMonitor"]
