# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Writes the offsets, bits, codes and register facts as a Python module."""

from collections.abc import Iterable, Iterator

from sim.registers.description import Description

_HEAD = '''"""Registers of the endpoint: offsets, bits, command codes, access and reset values.

{notice}
"""

from enum import IntEnum, IntFlag
from typing import NamedTuple, Protocol
'''

_FACTS = """class RegisterFacts(NamedTuple):
    title: str  # name in the virtio text
    access: str  # "r", "w" or "rw", seen from the driver; what is only written reads 0
    reset: int  # what it reads after reset, with default parameters
    reset_from: str | None  # attribute of EndpointConfig whose low 32 bits replace `reset`
"""

_LOOKUPS = '''class EndpointLayout(Protocol):
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
'''


def write(description: Description, notice: str) -> str:
    """Text of tb/cocotbext/virtio/registers.py."""
    command = description.register("msi_cmd").fields[0]
    offsets = [(register.name, f"0x{register.offset:03X}") for register in description.registers]
    blocks = [
        _HEAD.format(notice=notice).rstrip(),
        _enum("Register", "Byte offset of a control register.", offsets),
        _enum("MsiCommand", "Codes of MsiCmd.", [(code.name, code.value) for code in command.values]),
        _enum("FeatureBit", "Bit numbers of features.", [(bit.name, bit.value) for bit in description.feature_bits]),
    ]
    for prefix, fields in description.field_groups().items():
        bits = [(name, f"1 << {field.low}") for name, field in fields.items() if field.width == 1]
        if bits:
            name = prefix.title().replace("_", "") + "Bit"
            blocks.append(_enum(name, f"Bits of {_registers_of(description, prefix)}.", bits, "IntFlag"))
    blocks.append("\n".join(_constants(description)))
    blocks.append(_FACTS.rstrip())
    blocks.append("\n".join(_table(description)))
    blocks.append(_LOOKUPS.rstrip())
    return "\n\n\n".join(blocks) + "\n"


def _enum(name: str, meaning: str, members: Iterable[tuple[str, object]], base: str = "IntEnum") -> str:
    lines = [f"class {name}({base}):", f'    """{meaning}"""', ""]
    lines.extend(f"    {member.upper()} = {value}" for member, value in members)
    return "\n".join(lines)


def _registers_of(description: Description, prefix: str) -> str:
    return " and ".join(register.title for register in description.registers if register.fields_prefix == prefix)


def _constants(description: Description) -> Iterator[str]:
    yield f"CONFIG_WINDOW_OFFSET = 0x{description.config_window.offset:03X}  # byte offset of device configuration"
    for name, value in description.identity_constants().items():
        yield f"{name} = 0x{value:X}"
    for register, field in description.encoded_fields():
        if register.name == "msi_cmd":
            continue
        for code in field.values:
            yield f"{field.values_prefix}_{code.name}".upper() + f" = 0x{code.value:X}  # in {register.title}"
    for prefix, fields in description.field_groups().items():
        for name, field in fields.items():
            if 1 < field.width < 32:
                yield f"{prefix}_{name}".upper() + f"_LSB = {field.low}  # {field.width} bits wide"


def _table(description: Description) -> Iterator[str]:
    yield "REGISTERS = {"
    for register in description.registers:
        reset_from = f'"{register.reset_from}"' if register.reset_from else "None"
        yield (
            f'    Register.{register.name.upper()}: RegisterFacts("{register.title}", "{register.access}", '
            f"0x{register.reset:08X}, {reset_from}),"
        )
    yield "}"
