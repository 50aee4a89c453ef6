"""Message bus: the interrupt controller that takes the endpoint's MSI writes."""

from cocotbext.virtio.agents.messages.message_monitor import MessageMonitor
from cocotbext.virtio.agents.messages.message_target import MessageTarget
from cocotbext.virtio.agents.messages.target_timing import TargetTiming

__all__ = ["MessageMonitor", "MessageTarget", "TargetTiming"]
