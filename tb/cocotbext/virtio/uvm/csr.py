# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The CSR suite: what the register description says of each register, shown at the bus."""

import random

from cocotbext.virtio.register_model import RegisterModel
from pyuvm import uvm_reg

WORD = 0xFFFF_FFFF


class CsrSuite:
    """Goes through the registers of a register model, through its front door.

    Which bits are written and compared follows from the fields, so from the register description: constant and
    read-write fields that only the driver changes are compared, bit for bit; registers that nobody can read must read
    0. Fields marked volatile, which the device changes or which have effects, are left to directed tests.

    Args:
        ral: the register model, connected to a sequencer.
        rng: source of randomness.
        keep: register name -> bits that must stay set while the suite runs.

    Attributes:
        compared: registers read and compared so far.
    """

    def __init__(self, ral: RegisterModel, rng: random.Random, keep: dict[str, int] | None = None) -> None:
        self._registers: list[uvm_reg] = list(ral.get_registers())
        self._rng = rng
        self._keep = keep or {}
        self.compared = 0

    async def hw_reset(self) -> None:
        """Every register reads its reset value. Call it right after aresetn.

        Raises:
            AssertionError: one does not.
        """
        for register in self._registers:
            await self._compare(register, register.get_reset(), "after reset")

    async def read_write(self) -> None:
        """Every read-write register holds random values, and the register model's mirror follows."""
        for register in self._writable():
            for _ in range(4):
                value = await self._write(register, self._rng.getrandbits(32))
                await self._compare(register, value, f"after {value:#x} was written")
                mirrored = register.get_mirrored_value() & _mask(register, "RW")
                assert mirrored == value & _mask(register, "RW"), f"mirror of {register.get_name()}: {mirrored:#x}"

    async def bit_bash(self) -> None:
        """Every bit of every read-write register is set alone, and cleared alone."""
        for register in self._writable():
            for bit in range(32):
                if not _mask(register, "RW") & ~self._kept(register) >> bit & 1:
                    continue
                for value in (1 << bit, WORD ^ 1 << bit):
                    written = await self._write(register, value)
                    await self._compare(register, written, f"after bit {bit} was {value >> bit & 1} alone")

    async def aliasing(self) -> None:
        """A write changes its own register and no other; a write to a constant changes nothing."""
        held = {}
        for register in self._writable():
            held[register.get_name()] = await self._write(register, self._rng.getrandbits(32))
        constants = [register for register in self._registers if _mask(register, "RO") and not _mask(register, "WO")]
        for register in [*self._writable(), *constants]:
            if register.get_name() in held:
                held[register.get_name()] = await self._write(register, ~held[register.get_name()] & WORD)
            else:
                await register.write(self._rng.getrandbits(32))
            for other in self._registers:
                if other.get_name() in held:
                    await self._compare(other, held[other.get_name()], f"after a write of {register.get_name()}")
                elif other in constants:
                    await self._compare(other, other.get_reset(), f"after a write of {register.get_name()}")

    def _writable(self) -> list[uvm_reg]:
        return [register for register in self._registers if _mask(register, "RW")]

    def _kept(self, register: uvm_reg) -> int:
        return self._keep.get(register.get_name(), 0)

    async def _write(self, register: uvm_reg, value: int) -> int:
        """Write a value, but for the bits that must stay; returns what should read back."""
        value = value & _mask(register, "RW") | self._kept(register)
        await register.write(value)
        return value

    async def _compare(self, register: uvm_reg, expected: int, when: str) -> None:
        _, value = await register.read()
        policies = {field.get_access() for field in register.get_fields()}
        mask = WORD if policies == {"WO"} else _mask(register, "RO") | _mask(register, "RW")
        wanted = 0 if policies == {"WO"} else expected
        difference = (value ^ wanted) & mask
        assert not difference, f"{register.get_name()} reads {value:#x} {when}, expected {wanted:#x} in {mask:#x}"
        self.compared += 1


def _mask(register: uvm_reg, access: str) -> int:
    """The bits of the fields of that access that nobody but the driver changes."""
    return sum(
        ((1 << field.get_n_bits()) - 1) << field.get_lsb_pos()
        for field in register.get_fields()
        if field.get_access() == access and not field.is_volatile()
    )
