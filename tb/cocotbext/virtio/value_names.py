# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What stands in a register, by name: for people who read a report."""

from enum import IntFlag

from cocotbext.virtio.registers import (
    MSI_VEC_STATE_MAPPING_LSB,
    InterruptBit,
    MsiStateBit,
    MsiVecStateBit,
    Register,
    StatusBit,
    command_name,
)

_BITS: dict[int, type[IntFlag]] = {
    Register.STATUS: StatusBit,
    Register.INTERRUPT_STATUS: InterruptBit,
    Register.INTERRUPT_ACK: InterruptBit,
    Register.MSI_STATE: MsiStateBit,
    Register.MSI_VEC_STATE: MsiVecStateBit,
}


def value_name(address: int, value: int) -> str:
    """The bits or the command that a register value means, such as "ACKNOWLEDGE|DRIVER"; "" where it is just a
    number."""
    if address == Register.MSI_CMD:
        return command_name(value)
    if address == Register.MSI_VEC_STATE:
        value &= (1 << MSI_VEC_STATE_MAPPING_LSB) - 1
    bits = _BITS.get(address)
    return bits_text(bits, value) if bits and value & sum(bits) else ""


def bits_text(bits: type[IntFlag], value: int) -> str:
    """Names of the bits that are set; those without a name as a number; "" for none."""
    names = [str(bit.name) for bit in bits if value & bit]
    rest = value & ~sum(bits)
    return "|".join([*names, *([f"0x{rest:x}"] if rest else [])])
