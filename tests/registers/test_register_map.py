# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The map agrees with the register table of the virtio text and with itself."""

import pytest
from cocotbext.virtio.config import EndpointConfig
from cocotbext.virtio.registers import CONFIG_WINDOW_OFFSET, REGISTERS, MsiCommand, Register, command_name, name_of

from sim.registers.description import load

# virtio 1.2, table "MMIO Device Register Layout", and the registers of the 2020 MSI proposal; typed in by hand.
STANDARD = """
000 r MagicValue|004 r Version|008 r DeviceID|00c r VendorID|010 r DeviceFeatures|014 w DeviceFeaturesSel
020 w DriverFeatures|024 w DriverFeaturesSel|030 w QueueSel|034 r QueueNumMax|038 w QueueNum|044 rw QueueReady
050 rw QueueNotify|060 r InterruptStatus|064 w InterruptACK|070 rw Status|080 w QueueDescLow|084 w QueueDescHigh
090 w QueueDriverLow|094 w QueueDriverHigh|0a0 w QueueDeviceLow|0a4 w QueueDeviceHigh|0ac w SHMSel|0b0 r SHMLenLow
0b4 r SHMLenHigh|0b8 r SHMBaseLow|0bc r SHMBaseHigh|0c0 r MsiVecNum|0c4 r MsiState|0c8 w MsiCmd|0cc r MsiVecState
0d0 rw MsiVecSel|0d4 rw MsiAddrLow|0d8 rw MsiAddrHigh|0dc rw MsiData|0fc r ConfigGeneration
"""


def test_map_is_the_standard_one():
    rows = [row.split() for row in STANDARD.replace("\n", "|").strip("|").split("|")]
    expected = {int(offset, 16): (access, title) for offset, access, title in rows}
    assert {int(register): (facts.access, facts.title) for register, facts in REGISTERS.items()} == expected


def test_nothing_overlaps():
    description = load()
    offsets = [register.offset for register in description.registers]
    assert offsets == sorted(set(offsets))
    assert all(offset % 4 == 0 for offset in offsets)
    assert offsets[-1] + 4 <= description.config_window.offset
    for register in description.registers:
        for kind in "rw":
            used = 0
            for field in register.fields:
                if kind in field.access:
                    assert not used & field.mask, f"{register.title}.{field.name}"
                    used |= field.mask


def test_command_codes():
    assert [command.name for command in MsiCommand] == [
        "ENABLE",
        "DISABLE",
        "CONFIGURE",
        "MASK",
        "UNMASK",
        "MAP_CONFIG",
        "MAP_QUEUE",
    ]
    assert [int(command) for command in MsiCommand] == [1, 2, 3, 4, 5, 6, 7]
    assert command_name(3) == "CONFIGURE"
    assert command_name(0) == "command 0x0"
    assert command_name(0xFFFFFFFF) == "command 0xffffffff"


DOORBELLS = EndpointConfig(num_queues=3, notify_doorbells=1, notify_base=0x2000, notify_multiplier=0x1000)


@pytest.mark.parametrize(
    "offset, config, name",
    [
        (0x70, None, "Status"),
        (0x73, None, "Status+3"),
        (0x4C, None, "unassigned 0x04c"),
        (0x100, None, "Config+0x00"),
        (0x2000, None, "Config+0x1f00"),
        (0x1FF, EndpointConfig(), "Config+0xff"),
        (0x200, EndpointConfig(), "unassigned 0x200"),
        (0x2000, DOORBELLS, "doorbell 0"),
        (0x4000, DOORBELLS, "doorbell 2"),
        (0x5000, DOORBELLS, "unassigned 0x5000"),
        (0x2004, DOORBELLS, "unassigned 0x2004"),
    ],
)
def test_names(offset, config, name):
    assert name_of(offset, config) == name


def test_every_register_has_its_name():
    for register, facts in REGISTERS.items():
        assert name_of(register, EndpointConfig()) == facts.title
    assert name_of(CONFIG_WINDOW_OFFSET - 4) == name_of(Register.CONFIG_GENERATION)
