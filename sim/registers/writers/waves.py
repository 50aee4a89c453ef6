# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Writes translate filter files for GTKWave: what the viewer prints, and the text to show instead."""

from collections.abc import Iterable
from itertools import combinations

from sim.registers.description import Description

_DIGITS_OF_OFFSET = (3, 4)  # ADDR_WIDTH 12, and 13 to 16


def registers(description: Description, notice: str) -> str:
    """Text of sim/waves/registers.gtkw-filter: register names for s_axil_awaddr and s_axil_araddr in hexadecimal."""
    names = {register.offset: register.title for register in description.registers}
    window = description.config_window
    names |= {window.offset + byte: f"{window.title}+0x{byte:02x}" for byte in range(0, window.size, 4)}
    return _filter(
        notice, ((f"{offset:0{digits}x}", name) for digits in _DIGITS_OF_OFFSET for offset, name in names.items())
    )


def commands(description: Description, notice: str) -> str:
    """Text of sim/waves/msi_commands.gtkw-filter: command names for the 32-bit words written to MsiCmd."""
    command = description.register("msi_cmd").fields[0]
    return _filter(notice, ((f"{code.value:08x}", code.name.upper()) for code in command.values))


def status(description: Description, notice: str) -> str:
    """Text of sim/waves/status.gtkw-filter: names of the set bits for the 8-bit port device_status."""
    bits = [field for field in description.register("status").fields if field.width == 1]
    names = {0: "reset"}
    for count in range(1, len(bits) + 1):
        for chosen in combinations(bits, count):
            names[sum(field.mask for field in chosen)] = "|".join(field.name.upper() for field in chosen)
    return _filter(notice, ((f"{value:02x}", name) for value, name in sorted(names.items())))


def _filter(notice: str, entries: Iterable[tuple[str, str]]) -> str:
    lines = [f"# {notice}", "# Each value stands twice: as printed with the base symbol, and without."]
    for value, name in entries:
        lines.extend((f"${value} {name}", f"{value} {name}"))
    return "\n".join(lines) + "\n"
