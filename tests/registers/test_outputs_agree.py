# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""C header, Verilog macros, wave filters and reference give the numbers of the Python constants."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from cocotbext.virtio import registers as constants
from cocotbext.virtio.registers import REGISTERS, FeatureBit, MsiCommand, Register, StatusBit

from sim.registers.description import RDL_FILE
from sim.registers.writers import html

ROOT = Path(__file__).resolve().parents[2]
BIT_ENUMS = {
    "STATUS": constants.StatusBit,
    "INTERRUPT": constants.InterruptBit,
    "MSI_STATE": constants.MsiStateBit,
    "MSI_VEC_STATE": constants.MsiVecStateBit,
}


def run(*command, cwd):
    result = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return result.stdout


def expected_in_c() -> dict[str, int]:
    expected = {f"REG_{register.name}": int(register) for register in Register}
    expected["REG_CONFIG_WINDOW"] = constants.CONFIG_WINDOW_OFFSET
    expected |= {f"MSI_CMD_{command.name}": int(command) for command in MsiCommand}
    expected |= {f"F_{feature.name}_BIT": int(feature) for feature in FeatureBit}
    expected |= {f"{prefix}_{bit.name}": int(bit) for prefix, bits in BIT_ENUMS.items() for bit in bits}
    expected["EXPECT_MAGIC"] = constants.MAGIC_VALUE
    expected["EXPECT_VERSION"] = constants.VERSION_VALUE
    expected["MSI_NO_VECTOR"] = constants.MSI_NO_VECTOR
    expected["MSI_NO_MAPPING"] = constants.MSI_NO_MAPPING
    for name in ("QUEUE_NOTIFY_BASE", "QUEUE_NOTIFY_MULTIPLIER", "MSI_VEC_STATE_MAPPING"):
        low = getattr(constants, f"{name}_LSB")
        expected |= {f"{name}_SHIFT": low, f"{name}_MASK": 0xFFFF << low}
    expected |= {"STATUS_UNASSIGNED_SHIFT": constants.STATUS_UNASSIGNED_LSB, "STATUS_UNASSIGNED_MASK": 0x30}
    return expected


@pytest.mark.parametrize("compiler, standard", [("gcc", "c90"), ("g++", "c++11")])
def test_c_header(tmp_path, compiler, standard):
    assert shutil.which(compiler), f"{compiler} is not installed"
    header = (ROOT / "sw/include/virtio_mmio_msi.h").read_text()
    names = re.findall(r"#define VIRTIO_MMIO_(\w+) +\S", header)
    prints = "\n".join(f'    printf("{name} %lx\\n", (unsigned long)VIRTIO_MMIO_{name});' for name in names)
    suffix = "c" if compiler == "gcc" else "cc"
    (tmp_path / f"dump.{suffix}").write_text(
        "#include <stdio.h>\n#if __has_include(<linux/virtio_mmio.h>)\n#include <linux/virtio_mmio.h>\n#endif\n"
        f'#include "virtio_mmio_msi.h"\n#include "virtio_mmio_msi.h"\nint main(void)\n{{\n{prints}\n    return 0;\n}}\n'
    )
    flags = ["-Wall", "-Wextra", "-Werror", f"-std={standard}", f"-I{ROOT / 'sw' / 'include'}"]
    run(compiler, *flags, f"dump.{suffix}", "-o", "dump", cwd=tmp_path)
    printed = {name: int(value, 16) for name, value in map(str.split, run("./dump", cwd=tmp_path).splitlines())}
    assert printed == expected_in_c()


def test_verilog_macros(tmp_path):
    macros = re.findall(r"`define (\w+) +\S", (ROOT / "rtl/endpoint/virtio_mmio_regs.vh").read_text())
    prints = "\n".join(f'    $display("{name} %0h", `{name});' for name in macros)
    (tmp_path / "dump.v").write_text(
        '`include "virtio_mmio_regs.vh"\n`include "virtio_mmio_regs.vh"\n'
        f"module dump;\n  initial begin\n{prints}\n  end\nendmodule\n"
    )
    run("iverilog", "-g2005", "-Wall", f"-I{ROOT / 'rtl' / 'endpoint'}", "-o", "dump", "dump.v", cwd=tmp_path)
    lines = run("vvp", "-n", "dump", cwd=tmp_path).splitlines()
    printed = {name: int(value, 16) for name, value in map(str.split, lines)}

    expected = {f"REG_{register.name}": int(register) for register in Register}
    expected |= {f"MSI_CMD_{command.name}": int(command) for command in MsiCommand}
    expected |= {f"FEATURE_{feature.name}_BIT": int(feature) for feature in FeatureBit}
    for prefix, bits in BIT_ENUMS.items():
        expected |= {f"{prefix}_{bit.name}_BIT": bit.bit_length() - 1 for bit in bits}
    for name in ("CONFIG_WINDOW_OFFSET", "MAGIC_VALUE", "VERSION_VALUE", "MSI_NO_VECTOR", "MSI_NO_MAPPING"):
        expected[name] = getattr(constants, name)
    expected |= {name: value for name, value in vars(constants).items() if name.endswith("_LSB")}
    assert printed == {f"VIRTIO_{name}": value for name, value in expected.items()}


def read_filter(name: str) -> dict[str, str]:
    """What GTKWave prints -> what it shows instead."""
    lines = (ROOT / "sim/waves" / name).read_text().splitlines()
    return dict(line.split(maxsplit=1) for line in lines if not line.startswith("#"))


def test_wave_filters():
    names = read_filter("registers.gtkw-filter")
    for register, facts in REGISTERS.items():
        shown = {names[f"{base}{register:0{digits}x}"] for base in ("", "$") for digits in (3, 4)}
        assert shown == {facts.title}
    assert names["$1fc"] == constants.name_of(0x1FC)
    commands = read_filter("msi_commands.gtkw-filter")
    assert {int(value, 16): name for value, name in commands.items() if not value.startswith("$")} == {
        int(command): command.name for command in MsiCommand
    }
    status = read_filter("status.gtkw-filter")
    ready = StatusBit.ACKNOWLEDGE | StatusBit.DRIVER | StatusBit.FEATURES_OK | StatusBit.DRIVER_OK
    assert status[f"{ready:02x}"] == status["$0f"] == "ACKNOWLEDGE|DRIVER|DRIVER_OK|FEATURES_OK"
    assert status["00"] == "reset"


def test_html_reference_is_complete(tmp_path):
    html.write(RDL_FILE, tmp_path)
    assert (tmp_path / "index.html").is_file()
    pages = "".join(path.read_text() for path in tmp_path.glob("content/*.html"))
    for facts in REGISTERS.values():
        assert facts.title in pages


def test_markdown_table_is_complete():
    text = (ROOT / "docs/registers.md").read_text()
    for register, facts in REGISTERS.items():
        assert f"| 0x{register:03x} | {facts.title} |" in text
    for command in MsiCommand:
        assert f"| 0x{command:x} | {command.name} |" in text
