# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The interrupt steps on QEMU's virtio-blk-pci with MSI-X, on the q35 machine."""

import time
from collections.abc import Callable

from cocotbext.virtio.registers import FeatureBit, StatusBit

from sim.flow.errors import FlowError
from sim.yardstick.qemu import Qemu
from sim.yardstick.request import SIZE, Rings
from sim.yardstick.steps import (
    BRING_UP,
    NONE,
    QUEUES,
    VECTORS,
    Observation,
    Sequence,
    event_of,
    label,
    message,
    vector_of,
)

_SLOT = 4
# Without ioeventfd a kick is served within the write.
MACHINE = [
    *("-M", "q35", "-device"),
    f"virtio-blk-pci,drive=disk,disable-legacy=on,addr={_SLOT},vectors={VECTORS},num-queues={QUEUES},ioeventfd=off",
]
_BARS = {1: 0xE000_0000, 4: 0xE010_0000}  # number -> where we put it
_CONFIG_ADDRESS, _CONFIG_DATA = 0xCF8, 0xCFC  # PCI's ports
_COMMAND, _STATUS, _BAR, _CAPABILITIES = 0x04, 0x06, 0x10, 0x34
_INTERRUPT_STATUS = 1 << 3  # of PCI's status: the line
_VENDOR_CAPABILITY, _MSIX_CAPABILITY = 0x09, 0x11
_COMMON, _NOTIFY, _ISR = 1, 2, 3  # kinds of virtio's capabilities
_ENABLE, _FUNCTION_MASK = 0x8000, 0x4000  # of MSI-X's message control
_NO_VECTOR = 0xFFFF
# The common configuration, byte offsets.
_DRIVER_FEATURE_SELECT, _DRIVER_FEATURE, _CONFIG_VECTOR, _DEVICE_STATUS, _GENERATION = 8, 12, 16, 20, 21
_QUEUE_SELECT, _QUEUE_SIZE, _QUEUE_VECTOR, _QUEUE_ENABLE, _QUEUE_NOTIFY_OFF = 22, 24, 26, 28, 30
_QUEUE_ADDRESSES = (32, 40, 48)
_PATIENCE = 20  # seconds for what QEMU does at once


class QemuMsix:
    """Runs steps on a QEMU that was started with MACHINE."""

    def __init__(self, qemu: Qemu) -> None:
        self._qemu = qemu
        self._rings = [Rings(number) for number in range(QUEUES)]
        self._find()

    def run(self, sequence: Sequence) -> list[Observation]:
        """Bring the device up, then make each step; an observation for each, that of the bring-up first."""
        return [self._step(*step.split()) for step in [BRING_UP, *sequence]]

    def _step(self, word: str, *arguments: str) -> Observation:
        status = None
        match word:
            case "bring":
                self._bring_up()
            case "used":
                self._use(int(arguments[0]))
            case "change":
                self._change()
            case "mask" | "unmask":
                self._mask(arguments[0], word == "mask")
            case "message":
                vector, number = map(int, arguments)
                self._message(vector, number)
            case "map":
                self._map(event_of(arguments[0]), vector_of(arguments[1]))
            case "off" | "on":
                self._control(_ENABLE, word == "on")
            case "status":
                status = self._qemu.read("b", self._isr)
            case "stop":
                self._select(int(arguments[0]))
                self._qemu.write("w", self._common + _QUEUE_ENABLE, 0)
            case "reset":
                self._qemu.write("b", self._common + _DEVICE_STATUS, 0)
            case _:
                raise FlowError(f"unknown step '{word}'")
        return self._look() | ({} if status is None else {"status": status})

    def _look(self) -> Observation:
        bits = self._qemu.read("l", self._pending_bits)
        vectors: list[int | str] = []
        for queue in range(QUEUES):
            self._select(queue)
            found = self._qemu.read("w", self._common + _QUEUE_VECTOR)
            vectors.append(NONE if found == _NO_VECTOR else found)
        return {
            "messages": sorted(label(*each) for each in self._qemu.messages()),
            "pending": [vector for vector in range(VECTORS) if bits >> vector & 1],
            "line": int(bool(self._config("w", _STATUS) & _INTERRUPT_STATUS)),
            "vectors": vectors,
            "needs reset": int(
                bool(self._qemu.read("b", self._common + _DEVICE_STATUS) & StatusBit.DEVICE_NEEDS_RESET)
            ),
        }

    def _bring_up(self) -> None:
        qemu, common = self._qemu, self._common
        qemu.write("b", common + _DEVICE_STATUS, 0)
        self._control(_FUNCTION_MASK, False)
        self._control(_ENABLE, True)
        for vector in range(VECTORS):
            self._message(vector, 0)
            self._mask(str(vector), False)
        status = StatusBit.ACKNOWLEDGE | StatusBit.DRIVER
        qemu.write("b", common + _DEVICE_STATUS, status)
        for word, bits in enumerate((0, 1 << FeatureBit.VERSION_1 - 32)):
            qemu.write("l", common + _DRIVER_FEATURE_SELECT, word)
            qemu.write("l", common + _DRIVER_FEATURE, bits)
        qemu.write("b", common + _DEVICE_STATUS, status | StatusBit.FEATURES_OK)
        self._map(0, 0)
        for number, rings in enumerate(self._rings):
            for address, data in rings.empty():
                qemu.put(address, data)
            self._map(number + 1, number + 1)
            qemu.write("w", common + _QUEUE_SIZE, SIZE)
            for offset, address in zip(_QUEUE_ADDRESSES, rings.parts(), strict=True):
                qemu.write("l", common + offset, address)
                qemu.write("l", common + offset + 4, 0)
            qemu.write("w", common + _QUEUE_ENABLE, 1)
        qemu.write("b", common + _DEVICE_STATUS, status | StatusBit.FEATURES_OK | StatusBit.DRIVER_OK)

    def _use(self, queue: int) -> None:
        qemu, rings = self._qemu, self._rings[queue]
        for address, data in rings.request():
            qemu.put(address, data)
        self._select(queue)
        offset = qemu.read("w", self._common + _QUEUE_NOTIFY_OFF)
        qemu.write("w", self._notify + offset * self._notify_multiplier, queue)
        self._until(lambda: qemu.read("w", rings.used + 2) == rings.published & 0xFFFF, "use a buffer")

    def _change(self) -> None:
        where = self._common + _GENERATION
        before = self._qemu.read("b", where)
        self._qemu.resize_disk()
        self._until(lambda: self._qemu.read("b", where) != before, "tell of its new size")

    def _map(self, event: int, vector: int | None) -> None:
        if event:
            self._select(event - 1)
        where = self._common + (_QUEUE_VECTOR if event else _CONFIG_VECTOR)
        self._qemu.write("w", where, _NO_VECTOR if vector is None else vector)

    def _message(self, vector: int, number: int) -> None:
        address, data = message(vector, number)
        entry = self._table + 16 * vector
        for offset, value in ((0, address), (4, 0), (8, data)):
            self._qemu.write("l", entry + offset, value)

    def _mask(self, which: str, on: bool) -> None:
        if which == "all":
            self._control(_FUNCTION_MASK, on)
        else:
            self._qemu.write("l", self._table + 16 * int(which) + 12, int(on))

    def _control(self, bit: int, on: bool) -> None:
        """Change a bit of MSI-X's message control."""
        now = self._config("w", self._msix + 2)
        self._config("w", self._msix + 2, now | bit if on else now & ~bit)

    def _select(self, queue: int) -> None:
        self._qemu.write("w", self._common + _QUEUE_SELECT, queue)

    @staticmethod
    def _until(done: Callable[[], bool], what: str) -> None:
        limit = time.monotonic() + _PATIENCE
        while not done():
            if time.monotonic() > limit:
                raise FlowError(f"QEMU's disk did not {what} within {_PATIENCE} s")

    def _config(self, size: str, offset: int, value: int | None = None) -> int:
        """Read, or write *value*, in the PCI configuration of the device."""
        self._qemu.port_out("l", _CONFIG_ADDRESS, 1 << 31 | _SLOT << 11 | offset & ~3)
        port = _CONFIG_DATA + offset % 4
        if value is None:
            return self._qemu.port_in(size, port)
        self._qemu.port_out(size, port, value)
        return value

    def _find(self) -> None:
        """Place the device in memory, and find its structures (virtio 1.2, 4.1.4)."""
        for bar, address in _BARS.items():
            self._config("l", _BAR + 4 * bar, address)
            if self._config("l", _BAR + 4 * bar) & 4:  # 64 bits
                self._config("l", _BAR + 4 * bar + 4, 0)
        self._config("w", _COMMAND, 0x6)  # memory, bus master
        where = self._config("b", _CAPABILITIES)
        virtio: dict[int, int] = {}
        while where:
            kind = self._config("b", where)
            if kind == _VENDOR_CAPABILITY:
                which = self._config("b", where + 3)
                if which in (_COMMON, _NOTIFY, _ISR):
                    virtio[which] = _BARS[self._config("b", where + 4)] + self._config("l", where + 8)
                if which == _NOTIFY:
                    self._notify_multiplier = self._config("l", where + 16)
            elif kind == _MSIX_CAPABILITY:
                self._msix = where
                table, bits = self._config("l", where + 4), self._config("l", where + 8)
            where = self._config("b", where + 1)
        self._common, self._notify, self._isr = virtio[_COMMON], virtio[_NOTIFY], virtio[_ISR]
        self._table, self._pending_bits = (_BARS[each & 7] + (each & ~7) for each in (table, bits))
