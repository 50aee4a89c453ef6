# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Register model of the endpoint for pyuvm.

Generated from rtl/virtio_mmio.rdl by `python -m sim regs`: do not edit.
"""

from typing import TypeVar

from cocotbext.virtio.config import EndpointConfig
from pyuvm import uvm_endianness_e, uvm_mem, uvm_reg, uvm_reg_block, uvm_reg_field

_Register = TypeVar("_Register", bound=uvm_reg)


def _add_field(
    register: uvm_reg, name: str, width: int, low: int, access: str, volatile: bool, reset: int
) -> uvm_reg_field:
    """Appends one field; `width` and `low` are in bits. Fields marked volatile are not compared with the mirror."""
    field = uvm_reg_field(name)
    field.configure(
        register, width, low, access, volatile, reset, has_reset=True, is_rand=False, individually_accessible=False
    )
    return field


class MagicValue(uvm_reg):
    """MagicValue, byte offset 0x000."""

    def __init__(self, name: str = "magic_value") -> None:
        super().__init__(name, 32)

    def build(self) -> None:
        self.value = _add_field(self, "value", 32, 0, "RO", False, 0x74726976)


class Version(uvm_reg):
    """Version, byte offset 0x004."""

    def __init__(self, name: str = "version") -> None:
        super().__init__(name, 32)

    def build(self) -> None:
        self.value = _add_field(self, "value", 32, 0, "RO", False, 0x2)


class DeviceId(uvm_reg):
    """DeviceID, byte offset 0x008."""

    def __init__(self, name: str = "device_id") -> None:
        super().__init__(name, 32)

    def build(self) -> None:
        self.value = _add_field(self, "value", 32, 0, "RO", False, 0x4)


class VendorId(uvm_reg):
    """VendorID, byte offset 0x00c."""

    def __init__(self, name: str = "vendor_id") -> None:
        super().__init__(name, 32)

    def build(self) -> None:
        self.value = _add_field(self, "value", 32, 0, "RO", False, 0x4D53494F)


class DeviceFeatures(uvm_reg):
    """DeviceFeatures, byte offset 0x010."""

    def __init__(self, name: str = "device_features") -> None:
        super().__init__(name, 32)

    def build(self) -> None:
        self.value = _add_field(self, "value", 32, 0, "RO", True, 0x0)


class DeviceFeaturesSel(uvm_reg):
    """DeviceFeaturesSel, byte offset 0x014."""

    def __init__(self, name: str = "device_features_sel") -> None:
        super().__init__(name, 32)

    def build(self) -> None:
        self.value = _add_field(self, "value", 32, 0, "WO", True, 0x0)


class DriverFeatures(uvm_reg):
    """DriverFeatures, byte offset 0x020."""

    def __init__(self, name: str = "driver_features") -> None:
        super().__init__(name, 32)

    def build(self) -> None:
        self.value = _add_field(self, "value", 32, 0, "WO", True, 0x0)


class DriverFeaturesSel(uvm_reg):
    """DriverFeaturesSel, byte offset 0x024."""

    def __init__(self, name: str = "driver_features_sel") -> None:
        super().__init__(name, 32)

    def build(self) -> None:
        self.value = _add_field(self, "value", 32, 0, "WO", True, 0x0)


class QueueSel(uvm_reg):
    """QueueSel, byte offset 0x030."""

    def __init__(self, name: str = "queue_sel") -> None:
        super().__init__(name, 32)

    def build(self) -> None:
        self.value = _add_field(self, "value", 32, 0, "WO", True, 0x0)


class QueueNumMax(uvm_reg):
    """QueueNumMax, byte offset 0x034."""

    def __init__(self, name: str = "queue_num_max") -> None:
        super().__init__(name, 32)

    def build(self) -> None:
        self.value = _add_field(self, "value", 32, 0, "RO", True, 0x100)


class QueueNum(uvm_reg):
    """QueueNum, byte offset 0x038."""

    def __init__(self, name: str = "queue_num") -> None:
        super().__init__(name, 32)

    def build(self) -> None:
        self.value = _add_field(self, "value", 32, 0, "WO", True, 0x0)


class QueueReady(uvm_reg):
    """QueueReady, byte offset 0x044."""

    def __init__(self, name: str = "queue_ready") -> None:
        super().__init__(name, 32)

    def build(self) -> None:
        self.ready = _add_field(self, "ready", 1, 0, "RW", True, 0x0)


class QueueNotify(uvm_reg):
    """QueueNotify, byte offset 0x050."""

    def __init__(self, name: str = "queue_notify") -> None:
        super().__init__(name, 32)

    def build(self) -> None:
        self.value = _add_field(self, "value", 32, 0, "RW", True, 0x0)


class InterruptStatus(uvm_reg):
    """InterruptStatus, byte offset 0x060."""

    def __init__(self, name: str = "interrupt_status") -> None:
        super().__init__(name, 32)

    def build(self) -> None:
        self.used_buffer = _add_field(self, "used_buffer", 1, 0, "RO", True, 0x0)
        self.config_change = _add_field(self, "config_change", 1, 1, "RO", True, 0x0)


class InterruptAck(uvm_reg):
    """InterruptACK, byte offset 0x064."""

    def __init__(self, name: str = "interrupt_ack") -> None:
        super().__init__(name, 32)

    def build(self) -> None:
        self.used_buffer = _add_field(self, "used_buffer", 1, 0, "WO", True, 0x0)
        self.config_change = _add_field(self, "config_change", 1, 1, "WO", True, 0x0)


class Status(uvm_reg):
    """Status, byte offset 0x070."""

    def __init__(self, name: str = "status") -> None:
        super().__init__(name, 32)

    def build(self) -> None:
        self.acknowledge = _add_field(self, "acknowledge", 1, 0, "RW", False, 0x0)
        self.driver = _add_field(self, "driver", 1, 1, "RW", False, 0x0)
        self.driver_ok = _add_field(self, "driver_ok", 1, 2, "RW", False, 0x0)
        self.features_ok = _add_field(self, "features_ok", 1, 3, "RW", True, 0x0)
        self.unassigned = _add_field(self, "unassigned", 2, 4, "RW", False, 0x0)
        self.device_needs_reset = _add_field(self, "device_needs_reset", 1, 6, "RO", True, 0x0)
        self.failed = _add_field(self, "failed", 1, 7, "RW", False, 0x0)


class QueueDescLow(uvm_reg):
    """QueueDescLow, byte offset 0x080."""

    def __init__(self, name: str = "queue_desc_low") -> None:
        super().__init__(name, 32)

    def build(self) -> None:
        self.value = _add_field(self, "value", 32, 0, "WO", True, 0x0)


class QueueDescHigh(uvm_reg):
    """QueueDescHigh, byte offset 0x084."""

    def __init__(self, name: str = "queue_desc_high") -> None:
        super().__init__(name, 32)

    def build(self) -> None:
        self.value = _add_field(self, "value", 32, 0, "WO", True, 0x0)


class QueueDriverLow(uvm_reg):
    """QueueDriverLow, byte offset 0x090."""

    def __init__(self, name: str = "queue_driver_low") -> None:
        super().__init__(name, 32)

    def build(self) -> None:
        self.value = _add_field(self, "value", 32, 0, "WO", True, 0x0)


class QueueDriverHigh(uvm_reg):
    """QueueDriverHigh, byte offset 0x094."""

    def __init__(self, name: str = "queue_driver_high") -> None:
        super().__init__(name, 32)

    def build(self) -> None:
        self.value = _add_field(self, "value", 32, 0, "WO", True, 0x0)


class QueueDeviceLow(uvm_reg):
    """QueueDeviceLow, byte offset 0x0a0."""

    def __init__(self, name: str = "queue_device_low") -> None:
        super().__init__(name, 32)

    def build(self) -> None:
        self.value = _add_field(self, "value", 32, 0, "WO", True, 0x0)


class QueueDeviceHigh(uvm_reg):
    """QueueDeviceHigh, byte offset 0x0a4."""

    def __init__(self, name: str = "queue_device_high") -> None:
        super().__init__(name, 32)

    def build(self) -> None:
        self.value = _add_field(self, "value", 32, 0, "WO", True, 0x0)


class ShmSel(uvm_reg):
    """SHMSel, byte offset 0x0ac."""

    def __init__(self, name: str = "shm_sel") -> None:
        super().__init__(name, 32)

    def build(self) -> None:
        self.value = _add_field(self, "value", 32, 0, "WO", True, 0x0)


class ShmLenLow(uvm_reg):
    """SHMLenLow, byte offset 0x0b0."""

    def __init__(self, name: str = "shm_len_low") -> None:
        super().__init__(name, 32)

    def build(self) -> None:
        self.value = _add_field(self, "value", 32, 0, "RO", False, 0xFFFFFFFF)


class ShmLenHigh(uvm_reg):
    """SHMLenHigh, byte offset 0x0b4."""

    def __init__(self, name: str = "shm_len_high") -> None:
        super().__init__(name, 32)

    def build(self) -> None:
        self.value = _add_field(self, "value", 32, 0, "RO", False, 0xFFFFFFFF)


class ShmBaseLow(uvm_reg):
    """SHMBaseLow, byte offset 0x0b8."""

    def __init__(self, name: str = "shm_base_low") -> None:
        super().__init__(name, 32)

    def build(self) -> None:
        self.value = _add_field(self, "value", 32, 0, "RO", False, 0xFFFFFFFF)


class ShmBaseHigh(uvm_reg):
    """SHMBaseHigh, byte offset 0x0bc."""

    def __init__(self, name: str = "shm_base_high") -> None:
        super().__init__(name, 32)

    def build(self) -> None:
        self.value = _add_field(self, "value", 32, 0, "RO", False, 0xFFFFFFFF)


class MsiVecNum(uvm_reg):
    """MsiVecNum, byte offset 0x0c0."""

    def __init__(self, name: str = "msi_vec_num") -> None:
        super().__init__(name, 32)

    def build(self) -> None:
        self.value = _add_field(self, "value", 32, 0, "RO", True, 0x0)


class MsiState(uvm_reg):
    """MsiState, byte offset 0x0c4."""

    def __init__(self, name: str = "msi_state") -> None:
        super().__init__(name, 32)

    def build(self) -> None:
        self.enabled = _add_field(self, "enabled", 1, 0, "RO", True, 0x0)
        self.sharing = _add_field(self, "sharing", 1, 1, "RO", True, 0x0)
        self.sharing_alt = _add_field(self, "sharing_alt", 1, 30, "RO", True, 0x0)
        self.enabled_alt = _add_field(self, "enabled_alt", 1, 31, "RO", True, 0x0)


class MsiCmd(uvm_reg):
    """MsiCmd, byte offset 0x0c8."""

    def __init__(self, name: str = "msi_cmd") -> None:
        super().__init__(name, 32)

    def build(self) -> None:
        self.command = _add_field(self, "command", 32, 0, "WO", True, 0x0)


class MsiVecState(uvm_reg):
    """MsiVecState, byte offset 0x0cc."""

    def __init__(self, name: str = "msi_vec_state") -> None:
        super().__init__(name, 32)

    def build(self) -> None:
        self.masked = _add_field(self, "masked", 1, 0, "RO", True, 0x0)
        self.pending = _add_field(self, "pending", 1, 1, "RO", True, 0x0)
        self.configured = _add_field(self, "configured", 1, 2, "RO", True, 0x0)
        self.mapping = _add_field(self, "mapping", 16, 16, "RO", True, 0x0)


class MsiVecSel(uvm_reg):
    """MsiVecSel, byte offset 0x0d0."""

    def __init__(self, name: str = "msi_vec_sel") -> None:
        super().__init__(name, 32)

    def build(self) -> None:
        self.vector = _add_field(self, "vector", 32, 0, "RW", False, 0x0)


class MsiAddrLow(uvm_reg):
    """MsiAddrLow, byte offset 0x0d4."""

    def __init__(self, name: str = "msi_addr_low") -> None:
        super().__init__(name, 32)

    def build(self) -> None:
        self.value = _add_field(self, "value", 32, 0, "RW", False, 0x0)


class MsiAddrHigh(uvm_reg):
    """MsiAddrHigh, byte offset 0x0d8."""

    def __init__(self, name: str = "msi_addr_high") -> None:
        super().__init__(name, 32)

    def build(self) -> None:
        self.value = _add_field(self, "value", 32, 0, "RW", False, 0x0)


class MsiData(uvm_reg):
    """MsiData, byte offset 0x0dc."""

    def __init__(self, name: str = "msi_data") -> None:
        super().__init__(name, 32)

    def build(self) -> None:
        self.value = _add_field(self, "value", 32, 0, "RW", False, 0x0)


class ConfigGeneration(uvm_reg):
    """ConfigGeneration, byte offset 0x0fc."""

    def __init__(self, name: str = "config_generation") -> None:
        super().__init__(name, 32)

    def build(self) -> None:
        self.value = _add_field(self, "value", 32, 0, "RO", True, 0x0)


class RegisterModel(uvm_reg_block):
    """All control registers and the configuration window, in the map `bus` (byte offsets, locked).

    One register is one attribute, such as `model.queue_sel`; `model.config_window` is the memory of 32-bit words.
    Reset values follow `config`, by default that of the default parameters.
    """

    def __init__(self, name: str = "registers", config: EndpointConfig | None = None) -> None:
        super().__init__(name)
        config = config or EndpointConfig()
        self.bus = self.create_map("bus", 0, 4, uvm_endianness_e.UVM_LITTLE_ENDIAN)
        self.magic_value = self._add(MagicValue(), 0x000)
        self.version = self._add(Version(), 0x004)
        self.device_id = self._add(DeviceId(), 0x008)
        self.vendor_id = self._add(VendorId(), 0x00C)
        self.device_features = self._add(DeviceFeatures(), 0x010)
        self.device_features_sel = self._add(DeviceFeaturesSel(), 0x014)
        self.driver_features = self._add(DriverFeatures(), 0x020)
        self.driver_features_sel = self._add(DriverFeaturesSel(), 0x024)
        self.queue_sel = self._add(QueueSel(), 0x030)
        self.queue_num_max = self._add(QueueNumMax(), 0x034)
        self.queue_num = self._add(QueueNum(), 0x038)
        self.queue_ready = self._add(QueueReady(), 0x044)
        self.queue_notify = self._add(QueueNotify(), 0x050)
        self.interrupt_status = self._add(InterruptStatus(), 0x060)
        self.interrupt_ack = self._add(InterruptAck(), 0x064)
        self.status = self._add(Status(), 0x070)
        self.queue_desc_low = self._add(QueueDescLow(), 0x080)
        self.queue_desc_high = self._add(QueueDescHigh(), 0x084)
        self.queue_driver_low = self._add(QueueDriverLow(), 0x090)
        self.queue_driver_high = self._add(QueueDriverHigh(), 0x094)
        self.queue_device_low = self._add(QueueDeviceLow(), 0x0A0)
        self.queue_device_high = self._add(QueueDeviceHigh(), 0x0A4)
        self.shm_sel = self._add(ShmSel(), 0x0AC)
        self.shm_len_low = self._add(ShmLenLow(), 0x0B0)
        self.shm_len_high = self._add(ShmLenHigh(), 0x0B4)
        self.shm_base_low = self._add(ShmBaseLow(), 0x0B8)
        self.shm_base_high = self._add(ShmBaseHigh(), 0x0BC)
        self.msi_vec_num = self._add(MsiVecNum(), 0x0C0)
        self.msi_state = self._add(MsiState(), 0x0C4)
        self.msi_cmd = self._add(MsiCmd(), 0x0C8)
        self.msi_vec_state = self._add(MsiVecState(), 0x0CC)
        self.msi_vec_sel = self._add(MsiVecSel(), 0x0D0)
        self.msi_addr_low = self._add(MsiAddrLow(), 0x0D4)
        self.msi_addr_high = self._add(MsiAddrHigh(), 0x0D8)
        self.msi_data = self._add(MsiData(), 0x0DC)
        self.config_generation = self._add(ConfigGeneration(), 0x0FC)
        self.config_window = uvm_mem("config_window", (config.config_bytes + 3) // 4, 32, "RW")
        self.config_window.configure(self)
        self.bus.add_mem(self.config_window, 0x100, "RW")
        self.device_id.set_reset(config.device_id & 0xFFFFFFFF)
        self.vendor_id.set_reset(config.vendor_id & 0xFFFFFFFF)
        self.device_features.set_reset(config.offered_features & 0xFFFFFFFF)
        self.queue_num_max.set_reset(config.queue_num_max & 0xFFFFFFFF)
        self.lock_model()
        self.reset()

    def _add(self, register: _Register, offset: int) -> _Register:
        register.configure(self)
        register.build()
        # The bus answers reads and writes everywhere; the fields say what they do.
        self.bus.add_reg(register, offset, "RW")
        return register
