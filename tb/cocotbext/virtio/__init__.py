# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Verification of virtio-mmio devices in simulation.

Names are imported when they are first used, so that the plain Python parts need no simulator.
"""

from importlib import import_module
from typing import Any

_HOMES = {
    "cocotbext.virtio.config": ["EndpointConfig"],
    "cocotbext.virtio.clock_reset": ["ClockReset"],
    "cocotbext.virtio.bfm.axil_registers": "Access AxilRegisters BusTiming ReadMonitor WriteMonitor".split(),
    "cocotbext.virtio.bfm.axi_memory": "AxiMemory MemoryTiming".split(),
    "cocotbext.virtio.fast.fast_axi_memory": ["FastAxiMemory"],
    "cocotbext.virtio.bfm.msi_sink": "MessageMonitor MsiSink MsiSinkTiming".split(),
    "cocotbext.virtio.bfm.irq_line": ["IrqLine"],
    "cocotbext.virtio.bfm.events": "EventMonitor EventSource".split(),
    "cocotbext.virtio.bfm.kicks": "KickMonitor KickSink".split(),
    "cocotbext.virtio.bfm.endpoint_interface": ["EndpointInterface"],
    "cocotbext.virtio.bfm.knobs": ["Knobs"],
    "cocotbext.virtio.bench": ["Bench"],
    "cocotbext.virtio.checks.interrupt_account": ["MsiScoreboard"],
    "cocotbext.virtio.scoreboard.scoreboard": "Scoreboard ScoreboardError".split(),
    "cocotbext.virtio.driver.mmio_driver": "DeviceRefused MmioDriver".split(),
    "cocotbext.virtio.driver.device_requests": (
        "BlockRequests ConsoleRequests EntropyRequests NetRequests Request".split()
    ),
    "cocotbext.virtio.devices.device_service": ["DeviceService"],
    "cocotbext.virtio.devices": "BlockDevice ConsoleDevice DeviceFunction EntropyDevice NetDevice QueueServer".split(),
    "cocotbext.virtio.rings": (
        "Buffer DescriptorChain FaultCode Memory MemoryAccess MemoryFault PackedDeviceQueue PackedDriverQueue "
        "Placement PlainMemory QueueLayout RingFault RingFeature RingViolation SplitDeviceQueue SplitDriverQueue "
        "WatchedMemory device_queue driver_queue"
    ).split(),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = sorted(_HOME_OF)


def __getattr__(name: str) -> Any:
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(home), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
