# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Writes the C header for driver writers."""

from textwrap import wrap

from sim.registers.description import Description, Field

_PREFIX = "VIRTIO_MMIO_"  # names after it keep clear of those in <linux/virtio_mmio.h>
_WIDTH = 110


def write(description: Description, notice: str) -> str:
    """Text of sw/include/virtio_mmio_msi.h: macros only, usable from C90, C++ and assembly."""
    lines = [f"/* {notice} */", *_comment(description.title, *description.paragraphs)]
    lines += ["", "#ifndef VIRTIO_MMIO_MSI_H", "#define VIRTIO_MMIO_MSI_H"]

    def section(comment: str, macros: list[tuple[str, str]]) -> None:
        lines.extend(["", *_comment(comment)])
        lines.extend(f"#define {_PREFIX + name.upper():<46} {value}" for name, value in macros)

    lines.extend(["", "/* Byte offsets of the registers, and what the driver may do: r(ead), w(rite). */"])
    for register in description.registers:
        comment = f"{register.title} ({register.access}): {register.meaning}"
        section(comment, [(f"REG_{register.name}", f"0x{register.offset:03x}")])
    window = description.config_window
    section(f"{window.title} (rw): {window.meaning}", [(f"REG_{window.name}", f"0x{window.offset:03x}")])

    section(
        "What MagicValue and Version read.",
        [
            (f"EXPECT_{name.removesuffix('_VALUE')}", f"0x{value:08x}")
            for name, value in description.identity_constants().items()
        ],
    )
    for prefix, fields in description.field_groups().items():
        titles = [register.title for register in description.registers if register.fields_prefix == prefix]
        lines.extend(["", *_comment(f"Fields of {' and '.join(titles)}.")])
        for name, field in fields.items():
            if field.width == 32:
                continue
            section(field.meaning, _field_macros(f"{prefix}_{name}", field))
    for register, field in description.encoded_fields():
        lines.extend(["", *_comment(f"Values of {register.title}.{field.name}.")])
        for code in field.values:
            section(code.meaning, [(f"{field.values_prefix}_{code.name}", f"0x{code.value:x}")])
    lines.extend(["", "/* Bit numbers of features. */"])
    for feature in description.feature_bits:
        section(feature.meaning, [(f"F_{feature.name}_BIT", str(feature.value))])
    lines.extend(["", "#endif"])
    return "\n".join(lines) + "\n"


def _field_macros(name: str, field: Field) -> list[tuple[str, str]]:
    if field.width == 1:
        return [(name, f"0x{field.mask:08x}")]
    return [(f"{name}_MASK", f"0x{field.mask:08x}"), (f"{name}_SHIFT", str(field.low))]


def _comment(*paragraphs: str) -> list[str]:
    if len(paragraphs) == 1 and len(paragraphs[0]) <= _WIDTH:
        return [f"/* {paragraphs[0]} */"]
    lines = ["/*"]
    for paragraph in paragraphs:
        lines += [" *"] if len(lines) > 1 else []
        lines += [f" * {line}" for line in wrap(paragraph, _WIDTH, break_on_hyphens=False)]
    return [*lines, " */"]
