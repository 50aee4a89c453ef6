"""Device configuration port: the memory behind the window at 0x100."""

from cocotbext.virtio.agents.device_config.config_memory import ConfigMemory
from cocotbext.virtio.agents.device_config.config_monitor import ConfigMonitor

__all__ = ["ConfigMemory", "ConfigMonitor"]
