# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Writes the offsets, bits and codes as Verilog macros."""

from sim.registers.description import Description


def write(description: Description, notice: str) -> str:
    """Text of rtl/endpoint/virtio_mmio_regs.vh. Offsets are in bytes; field macros are bit numbers."""
    lines = [f"// {notice}", "", "`ifndef VIRTIO_MMIO_REGS_VH", "`define VIRTIO_MMIO_REGS_VH"]

    def section(title: str, macros: list[tuple[str, str]]) -> None:
        lines.extend(["", f"// {title}"])
        lines.extend(f"`define VIRTIO_{name:<34} {value}" for name, value in macros)

    window = description.config_window
    section(
        "Byte offsets",
        [(f"REG_{register.name.upper()}", f"8'h{register.offset:02x}") for register in description.registers]
        + [("CONFIG_WINDOW_OFFSET", f"12'h{window.offset:03x}")],
    )
    section(
        "Identity",
        [(name, f"32'h{value:08x}") for name, value in description.identity_constants().items()],
    )
    section(
        "Bit numbers of fields",
        [
            (f"{prefix}_{name}_{'BIT' if field.width == 1 else 'LSB'}".upper(), str(field.low))
            for prefix, fields in description.field_groups().items()
            for name, field in fields.items()
            if field.width < 32
        ],
    )
    for register, field in description.encoded_fields():
        section(
            f"Values of {register.title}.{field.name}",
            [
                (f"{field.values_prefix}_{code.name}".upper(), f"{field.width}'h{code.value:0{field.width // 4}x}")
                for code in field.values
            ],
        )
    section(
        "Feature bit numbers",
        [(f"FEATURE_{feature.name}_BIT", str(feature.value)) for feature in description.feature_bits],
    )
    lines.extend(["", "`endif"])
    return "\n".join(lines) + "\n"
