"""Message bus: the interrupt controller that takes the endpoint's MSI writes."""

from tb.agents.messages.message_monitor import MessageMonitor
from tb.agents.messages.message_target import MessageTarget
from tb.agents.messages.target_timing import TargetTiming

__all__ = ["MessageMonitor", "MessageTarget", "TargetTiming"]
