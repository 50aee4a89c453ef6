# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The register steps on QEMU's virtio-mmio, on the microvm machine."""

import time

from sim.flow.errors import FlowError
from sim.yardstick.qemu import Qemu
from sim.yardstick.registers import RegisterSteps
from sim.yardstick.request import Rings
from sim.yardstick.steps import Observation, Sequence

# Without ioeventfd a kick is served within the write.
MACHINE = [
    *("-M", "microvm,acpi=off", "-global", "virtio-mmio.force-legacy=false", "-global", "virtio-mmio.ioeventfd=off"),
    *("-device", "virtio-blk-device,drive=disk,bus=virtio-mmio-bus.0"),
]
_BASE = 0xFEB0_0000  # of the first transport
_GENERATION = 0xFC
_PATIENCE = 20  # seconds for what QEMU does at once


class QemuMmio(RegisterSteps):
    """Runs steps on a QEMU that was started with MACHINE."""

    def __init__(self, qemu: Qemu) -> None:
        super().__init__(Rings(0))
        self._qemu = qemu

    def run(self, sequence: Sequence) -> list[Observation]:
        """Reset the device, then make each step; an observation for each, that of the reset first."""
        self._qemu.write("l", _BASE + 0x70, 0)
        return [{}, *map(self._step, sequence)]

    def _step(self, step: str) -> Observation:
        match step.split():
            case ["used"]:
                return {"value": self._qemu.read("w", self.rings.used + 2)}
            case ["change"]:
                self._change()
                return {}
            case ["byte", offset]:
                return {"value": self._qemu.read("b", _BASE + int(offset, 0))}
        values: Observation = {}
        for access in self.accesses(step):
            if access.what is None:
                values["value"] = self._qemu.read("l", _BASE + access.where)
            elif isinstance(access.what, bytes):
                self._qemu.put(access.where, access.what)
            else:
                self._qemu.write("l", _BASE + access.where, access.what)
        return values

    def _change(self) -> None:
        before = self._qemu.read("l", _BASE + _GENERATION)
        self._qemu.resize_disk()
        limit = time.monotonic() + _PATIENCE
        while self._qemu.read("l", _BASE + _GENERATION) == before:
            if time.monotonic() > limit:
                raise FlowError(f"QEMU's disk did not tell of its new size within {_PATIENCE} s")
