"""Register bus: the only place that knows how a register access reaches the design."""

from tb.agents.registers.access import Access
from tb.agents.registers.bus_timing import BusTiming
from tb.agents.registers.master import RegisterMaster
from tb.agents.registers.read_monitor import ReadMonitor
from tb.agents.registers.write_monitor import WriteMonitor

__all__ = ["Access", "BusTiming", "ReadMonitor", "RegisterMaster", "WriteMonitor"]
