# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Writes the pyuvm register model."""

from sim.registers.description import Description, Field, Register

_HEAD = '''"""Register model of the endpoint for pyuvm.

{notice}
"""

from typing import TypeVar

from pyuvm import uvm_endianness_e, uvm_mem, uvm_reg, uvm_reg_block, uvm_reg_field

from cocotbext.virtio.config import EndpointConfig

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
'''

_REGISTER = '''class {class_name}(uvm_reg):
    """{title}, byte offset 0x{offset:03x}."""

    def __init__(self, name: str = "{name}") -> None:
        super().__init__(name, 32)

    def build(self) -> None:
{fields}
'''

_BLOCK = '''class RegisterModel(uvm_reg_block):
    """All control registers and the configuration window, in the map `bus` (byte offsets, locked).

    One register is one attribute, such as `model.queue_sel`; `model.config_window` is the memory of 32-bit words.
    Reset values follow `config`, by default that of the default parameters.
    """

    def __init__(self, name: str = "registers", config: EndpointConfig | None = None) -> None:
        super().__init__(name)
        config = config or EndpointConfig()
        self.bus = self.create_map("bus", 0, 4, uvm_endianness_e.UVM_LITTLE_ENDIAN)
{registers}
        self.config_window = uvm_mem("config_window", (config.config_bytes + 3) // 4, 32, "RW")
        self.config_window.configure(self)
        self.bus.add_mem(self.config_window, 0x{window:03X}, "RW")
{resets}
        self.lock_model()
        self.reset()

    def _add(self, register: _Register, offset: int) -> _Register:
        register.configure(self)
        register.build()
        # The bus answers reads and writes everywhere; the fields say what they do.
        self.bus.add_reg(register, offset, "RW")
        return register
'''


def write(description: Description, notice: str) -> str:
    """Text of tb/cocotbext/virtio/register_model.py."""
    blocks = [_HEAD.format(notice=notice).rstrip()]
    for register in description.registers:
        fields = "\n".join(_field(*field) for field in _without_overlaps(register))
        blocks.append(
            _REGISTER.format(
                class_name=_class_name(register),
                title=register.title,
                name=register.name,
                offset=register.offset,
                fields=fields,
            ).rstrip()
        )
    registers = "\n".join(
        f"        self.{register.name} = self._add({_class_name(register)}(), 0x{register.offset:03X})"
        for register in description.registers
    )
    resets = "\n".join(
        f"        self.{register.name}.set_reset(config.{register.reset_from} & 0xFFFFFFFF)"
        for register in description.registers
        if register.reset_from
    )
    blocks.append(_BLOCK.format(registers=registers, resets=resets, window=description.config_window.offset).rstrip())
    return "\n\n\n".join(blocks) + "\n"


def _class_name(register: Register) -> str:
    return register.name.title().replace("_", "")


def _without_overlaps(register: Register) -> list[tuple[Field, str, bool]]:
    """(field, access, volatile): fields that share bits with an earlier one melt into it, as pyuvm forbids overlaps."""
    kept: list[tuple[Field, str, bool]] = []
    for field in register.fields:
        for position, (other, access, _) in enumerate(kept):
            if other.mask & field.mask:
                both = "".join(kind for kind in "rw" if kind in access + field.access)
                kept[position] = (other, both, True)
                break
        else:
            # What is only written reads 0, so it cannot be compared either.
            kept.append((field, field.access, field.is_volatile or "r" not in field.access))
    return kept


def _field(field: Field, access: str, volatile: bool) -> str:
    policy = {"r": "RO", "w": "WO", "rw": "RW"}[access]
    reset = field.reset if "r" in field.access else 0
    return (
        f"        self.{field.name} = _add_field("
        f'self, "{field.name}", {field.width}, {field.low}, "{policy}", {volatile}, 0x{reset:X})'
    )
