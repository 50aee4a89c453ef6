"""Register bus: the only place that knows how a register access reaches the design."""

from cocotbext.virtio.agents.registers.access import Access
from cocotbext.virtio.agents.registers.bus_timing import BusTiming
from cocotbext.virtio.agents.registers.master import RegisterMaster
from cocotbext.virtio.agents.registers.read_monitor import ReadMonitor
from cocotbext.virtio.agents.registers.write_monitor import WriteMonitor

__all__ = ["Access", "BusTiming", "ReadMonitor", "RegisterMaster", "WriteMonitor"]
