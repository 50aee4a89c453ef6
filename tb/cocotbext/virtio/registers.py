# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Registers of the endpoint: offsets, bits, command codes, access and reset values.

Generated from rtl/virtio_mmio.rdl by `python -m sim regs`: do not edit.
"""

from enum import IntEnum, IntFlag
from typing import NamedTuple, Protocol


class Register(IntEnum):
    """Byte offset of a control register."""

    MAGIC_VALUE = 0x000
    VERSION = 0x004
    DEVICE_ID = 0x008
    VENDOR_ID = 0x00C
    DEVICE_FEATURES = 0x010
    DEVICE_FEATURES_SEL = 0x014
    DRIVER_FEATURES = 0x020
    DRIVER_FEATURES_SEL = 0x024
    QUEUE_SEL = 0x030
    QUEUE_NUM_MAX = 0x034
    QUEUE_NUM = 0x038
    QUEUE_READY = 0x044
    QUEUE_NOTIFY = 0x050
    INTERRUPT_STATUS = 0x060
    INTERRUPT_ACK = 0x064
    STATUS = 0x070
    QUEUE_DESC_LOW = 0x080
    QUEUE_DESC_HIGH = 0x084
    QUEUE_DRIVER_LOW = 0x090
    QUEUE_DRIVER_HIGH = 0x094
    QUEUE_DEVICE_LOW = 0x0A0
    QUEUE_DEVICE_HIGH = 0x0A4
    SHM_SEL = 0x0AC
    SHM_LEN_LOW = 0x0B0
    SHM_LEN_HIGH = 0x0B4
    SHM_BASE_LOW = 0x0B8
    SHM_BASE_HIGH = 0x0BC
    MSI_VEC_NUM = 0x0C0
    MSI_STATE = 0x0C4
    MSI_CMD = 0x0C8
    MSI_VEC_STATE = 0x0CC
    MSI_VEC_SEL = 0x0D0
    MSI_ADDR_LOW = 0x0D4
    MSI_ADDR_HIGH = 0x0D8
    MSI_DATA = 0x0DC
    CONFIG_GENERATION = 0x0FC


class MsiCommand(IntEnum):
    """Codes of MsiCmd."""

    ENABLE = 1
    DISABLE = 2
    CONFIGURE = 3
    MASK = 4
    UNMASK = 5
    MAP_CONFIG = 6
    MAP_QUEUE = 7


class FeatureBit(IntEnum):
    """Bit numbers of features."""

    VERSION_1 = 32
    RING_PACKED = 34
    NOTIFICATION_DATA = 38
    MMIO_NOTIFICATION = 39
    MMIO_MSI = 40


class InterruptBit(IntFlag):
    """Bits of InterruptStatus and InterruptACK."""

    USED_BUFFER = 1 << 0
    CONFIG_CHANGE = 1 << 1


class StatusBit(IntFlag):
    """Bits of Status."""

    ACKNOWLEDGE = 1 << 0
    DRIVER = 1 << 1
    DRIVER_OK = 1 << 2
    FEATURES_OK = 1 << 3
    DEVICE_NEEDS_RESET = 1 << 6
    FAILED = 1 << 7


class MsiStateBit(IntFlag):
    """Bits of MsiState."""

    ENABLED = 1 << 0
    SHARING = 1 << 1
    SHARING_ALT = 1 << 30
    ENABLED_ALT = 1 << 31


class MsiVecStateBit(IntFlag):
    """Bits of MsiVecState."""

    MASKED = 1 << 0
    PENDING = 1 << 1
    CONFIGURED = 1 << 2


CONFIG_WINDOW_OFFSET = 0x100  # byte offset of device configuration
MAGIC_VALUE = 0x74726976
VERSION_VALUE = 0x2
MSI_NO_MAPPING = 0xFFFF  # in MsiVecState
MSI_NO_VECTOR = 0xFFFFFFFF  # in MsiVecSel
QUEUE_NOTIFY_BASE_LSB = 0  # 16 bits wide
QUEUE_NOTIFY_MULTIPLIER_LSB = 16  # 16 bits wide
STATUS_UNASSIGNED_LSB = 4  # 2 bits wide
MSI_VEC_STATE_MAPPING_LSB = 16  # 16 bits wide


class RegisterFacts(NamedTuple):
    title: str  # name in the virtio text
    access: str  # "r", "w" or "rw", seen from the driver; what is only written reads 0
    reset: int  # what it reads after reset, with default parameters
    reset_from: str | None  # attribute of EndpointConfig whose low 32 bits replace `reset`


REGISTERS = {
    Register.MAGIC_VALUE: RegisterFacts("MagicValue", "r", 0x74726976, None),
    Register.VERSION: RegisterFacts("Version", "r", 0x00000002, None),
    Register.DEVICE_ID: RegisterFacts("DeviceID", "r", 0x00000004, "device_id"),
    Register.VENDOR_ID: RegisterFacts("VendorID", "r", 0x4D53494F, "vendor_id"),
    Register.DEVICE_FEATURES: RegisterFacts("DeviceFeatures", "r", 0x00000000, "offered_features"),
    Register.DEVICE_FEATURES_SEL: RegisterFacts("DeviceFeaturesSel", "w", 0x00000000, None),
    Register.DRIVER_FEATURES: RegisterFacts("DriverFeatures", "w", 0x00000000, None),
    Register.DRIVER_FEATURES_SEL: RegisterFacts("DriverFeaturesSel", "w", 0x00000000, None),
    Register.QUEUE_SEL: RegisterFacts("QueueSel", "w", 0x00000000, None),
    Register.QUEUE_NUM_MAX: RegisterFacts("QueueNumMax", "r", 0x00000100, "queue_num_max"),
    Register.QUEUE_NUM: RegisterFacts("QueueNum", "w", 0x00000000, None),
    Register.QUEUE_READY: RegisterFacts("QueueReady", "rw", 0x00000000, None),
    Register.QUEUE_NOTIFY: RegisterFacts("QueueNotify", "rw", 0x00000000, None),
    Register.INTERRUPT_STATUS: RegisterFacts("InterruptStatus", "r", 0x00000000, None),
    Register.INTERRUPT_ACK: RegisterFacts("InterruptACK", "w", 0x00000000, None),
    Register.STATUS: RegisterFacts("Status", "rw", 0x00000000, None),
    Register.QUEUE_DESC_LOW: RegisterFacts("QueueDescLow", "w", 0x00000000, None),
    Register.QUEUE_DESC_HIGH: RegisterFacts("QueueDescHigh", "w", 0x00000000, None),
    Register.QUEUE_DRIVER_LOW: RegisterFacts("QueueDriverLow", "w", 0x00000000, None),
    Register.QUEUE_DRIVER_HIGH: RegisterFacts("QueueDriverHigh", "w", 0x00000000, None),
    Register.QUEUE_DEVICE_LOW: RegisterFacts("QueueDeviceLow", "w", 0x00000000, None),
    Register.QUEUE_DEVICE_HIGH: RegisterFacts("QueueDeviceHigh", "w", 0x00000000, None),
    Register.SHM_SEL: RegisterFacts("SHMSel", "w", 0x00000000, None),
    Register.SHM_LEN_LOW: RegisterFacts("SHMLenLow", "r", 0xFFFFFFFF, None),
    Register.SHM_LEN_HIGH: RegisterFacts("SHMLenHigh", "r", 0xFFFFFFFF, None),
    Register.SHM_BASE_LOW: RegisterFacts("SHMBaseLow", "r", 0xFFFFFFFF, None),
    Register.SHM_BASE_HIGH: RegisterFacts("SHMBaseHigh", "r", 0xFFFFFFFF, None),
    Register.MSI_VEC_NUM: RegisterFacts("MsiVecNum", "r", 0x00000000, None),
    Register.MSI_STATE: RegisterFacts("MsiState", "r", 0x00000000, None),
    Register.MSI_CMD: RegisterFacts("MsiCmd", "w", 0x00000000, None),
    Register.MSI_VEC_STATE: RegisterFacts("MsiVecState", "r", 0x00000000, None),
    Register.MSI_VEC_SEL: RegisterFacts("MsiVecSel", "rw", 0x00000000, None),
    Register.MSI_ADDR_LOW: RegisterFacts("MsiAddrLow", "rw", 0x00000000, None),
    Register.MSI_ADDR_HIGH: RegisterFacts("MsiAddrHigh", "rw", 0x00000000, None),
    Register.MSI_DATA: RegisterFacts("MsiData", "rw", 0x00000000, None),
    Register.CONFIG_GENERATION: RegisterFacts("ConfigGeneration", "r", 0x00000000, None),
}


class EndpointLayout(Protocol):
    """What of an EndpointConfig decides where something lies; sizes and offsets are in bytes."""

    @property
    def num_queues(self) -> int: ...

    @property
    def notify_doorbells(self) -> int: ...

    @property
    def notify_base(self) -> int: ...

    @property
    def notify_multiplier(self) -> int: ...

    @property
    def config_bytes(self) -> int: ...


def name_of(offset: int, config: EndpointLayout | None = None) -> str:
    """Name of what lies at byte `offset`: "Status", "Status+1", "Config+0x10", "doorbell 3" or "unassigned 0x04c".

    `config` is an EndpointConfig; without one there are no doorbells and the configuration window has no end.
    """
    if config is not None and config.notify_doorbells:
        queue, rest = divmod(offset - config.notify_base, config.notify_multiplier or 1 << 32)  # 0: one for all
        if rest == 0 and 0 <= queue < config.num_queues:
            return f"doorbell {queue}"
    inside = offset - CONFIG_WINDOW_OFFSET
    if inside >= 0 and (config is None or inside < config.config_bytes):
        return f"Config+0x{inside:02x}"
    byte = offset % 4
    try:
        title = REGISTERS[Register(offset - byte)].title
    except ValueError:
        return f"unassigned 0x{offset:03x}"
    return f"{title}+{byte}" if byte else title


def command_name(code: int) -> str:
    """Name of an MsiCmd code, such as "CONFIGURE", or "command 0x9" if there is none."""
    try:
        return MsiCommand(code).name
    except ValueError:
        return f"command 0x{code:x}"
