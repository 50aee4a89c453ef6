# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""A name of configs.toml as a device of the machine: an endpoint with its function in Python, or a device in RTL."""

import json
from dataclasses import dataclass

from sim.flow.configs import configurations

# top -> DEVICE_ID
RTL_DEVICES = {"virtio_mmio_net": 1, "virtio_mmio_blk_axi": 2, "virtio_mmio_console": 3, "virtio_mmio_rng": 4}
_CONFIGURATION = 0x100  # where a device's configuration begins
_MOST_CONFIGURATION = 0x100  # bytes that any device of rtl/devices has there
_REGISTER_BYTES = 12  # address bits of a register window, where a design does not say


@dataclass(frozen=True)
class MachineDevice:
    """What the machine needs to know of a device.

    Attributes:
        name: in configs.toml.
        device_id: what the driver finds.
        size: bytes of its register window.
        needed: bytes of it that a driver uses.
        key: what the simulation knows itself by.
        module: the test that runs in its simulation.
        rtl: whether function and queues are RTL, too.
    """

    name: str
    device_id: int | None
    size: int
    needed: int
    key: str
    module: str
    rtl: bool

    @classmethod
    def of(cls, name: str) -> "MachineDevice":
        """The device that a configuration, or a design, makes."""
        known = configurations()
        if name in known.by_name:
            config = known.by_name[name]
            size = 1 << config.addr_width
            needed = size if config.notify_doorbells else _CONFIGURATION + config.config_bytes
            return cls(name, config.device_id, size, needed, config.to_json(), "sim.cosim.endpoint_in_machine", False)
        design = known.designs[name]
        values = dict(design.values)
        size = 1 << values.get("ADDR_WIDTH", _REGISTER_BYTES)
        needed = size if values.get("NOTIFY_DOORBELLS") else _CONFIGURATION + _MOST_CONFIGURATION
        key = design_key(design.top, json.dumps(values))
        return cls(name, RTL_DEVICES.get(design.top), size, needed, key, "sim.cosim.device_in_machine", True)


def design_key(top: str, parameters: str) -> str:
    """What tells one design of a machine from the others."""
    return f"{top} {parameters}"
