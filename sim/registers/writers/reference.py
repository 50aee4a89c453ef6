# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Writes the register reference as a Markdown overview."""

from collections.abc import Iterator

from sim.registers.description import Description, Register

_ACCESS = {"r": "read", "w": "write", "rw": "read, write"}


def markdown(description: Description, notice: str) -> str:
    """Text of docs/registers.md."""
    lines = [f"<!-- {notice} -->", "# Registers", ""]
    for paragraph in description.paragraphs:
        lines += [paragraph, ""]
    lines += ["Every field: `make regs` also writes HTML, `build/registers/index.html`.", ""]
    lines += _markdown_table(
        ["Offset", "Name", "Access", "Reset", "Meaning"],
        [
            [f"0x{register.offset:03x}", register.title, _ACCESS[register.access], _reset(register), register.meaning]
            for register in description.registers
        ]
        + [_window_row(description)],
    )
    for prefix, rows in _value_tables(description):
        lines += ["", f"## {prefix}", ""]
        lines += _markdown_table(["Value", "Name", "Meaning"], rows)
    return "\n".join(lines) + "\n"


def _value_tables(description: Description) -> Iterator[tuple[str, list[tuple[str, str, str]]]]:
    for register, field in description.encoded_fields():
        yield (
            f"Values of {register.title}",
            [(f"0x{code.value:x}", code.name.upper(), code.meaning) for code in field.values],
        )
    yield "Feature bits", [(str(bit.value), bit.name, bit.meaning) for bit in description.feature_bits]


def _window_row(description: Description) -> list[str]:
    window = description.config_window
    return [f"0x{window.offset:03x}...", window.title, _ACCESS["rw"], "device", window.meaning]


def _reset(register: Register) -> str:
    if "r" not in register.access:
        return "-"
    if register.reset_from:
        return "parameter"
    return f"0x{register.reset:x}"


def _markdown_table(heads: list[str], rows: list) -> list[str]:
    lines = ["| " + " | ".join(heads) + " |", "|" + " --- |" * len(heads)]
    return lines + ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
