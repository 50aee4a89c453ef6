"""What every valid/ready channel shares: a passive monitor, a sender and a receiver's ready."""

from cocotbext.virtio.agents.handshake.channel_monitor import ChannelMonitor
from cocotbext.virtio.agents.handshake.ready_driver import ReadyDriver
from cocotbext.virtio.agents.handshake.send_channel import SendChannel
from cocotbext.virtio.agents.handshake.transfer import Transfer

__all__ = ["ChannelMonitor", "ReadyDriver", "SendChannel", "Transfer"]
