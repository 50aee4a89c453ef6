"""What every valid/ready channel shares: a passive monitor, a sender and a receiver's ready."""

from tb.agents.handshake.channel_monitor import ChannelMonitor
from tb.agents.handshake.ready_driver import ReadyDriver
from tb.agents.handshake.send_channel import SendChannel
from tb.agents.handshake.transfer import Transfer

__all__ = ["ChannelMonitor", "ReadyDriver", "SendChannel", "Transfer"]
