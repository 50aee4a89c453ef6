"""Device state and fault ports: reset handshake, needs_reset, negotiated features, message errors."""

from cocotbext.virtio.agents.device_state.device_state_driver import DeviceStateDriver
from cocotbext.virtio.agents.device_state.device_state_monitor import DeviceStateMonitor

__all__ = ["DeviceStateDriver", "DeviceStateMonitor"]
