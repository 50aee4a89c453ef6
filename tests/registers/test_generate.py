# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The generated files are what the description says, and a broken description is refused with a clear message."""

from pathlib import Path

import pytest

from sim.registers.command import HTML_FOLDER, main
from sim.registers.description import RDL_FILE, DescriptionError, load


def test_generated_files_are_fresh(capsys):
    assert main(["--check"]) == 0, capsys.readouterr().err


def test_check_names_each_stale_file_and_the_remedy(tmp_path, capsys):
    assert main(["--root", str(tmp_path)]) == 0
    assert main(["--root", str(tmp_path), "--check"]) == 0
    changed = tmp_path / "rtl/endpoint/virtio_mmio_regs.vh"
    changed.write_text(changed.read_text().replace("8'h04", "8'h05"))
    (tmp_path / "docs/registers.md").unlink()
    capsys.readouterr()
    assert main(["--root", str(tmp_path), "--check"]) == 1
    assert capsys.readouterr().err.splitlines() == [
        "rtl/endpoint/virtio_mmio_regs.vh is stale: run `python -m sim regs`",
        "docs/registers.md is stale: run `python -m sim regs`",
    ]


def test_every_generated_file_says_so(tmp_path):
    main(["--root", str(tmp_path)])
    html = tmp_path / HTML_FOLDER
    files = [path for path in tmp_path.rglob("*") if path.is_file() and html not in path.parents]
    assert len(files) == 8
    for path in files:
        assert "do not edit" in "".join(path.read_text().splitlines()[:5]), path


def changed_rdl(tmp_path: Path, old: str, new: str) -> Path:
    text = RDL_FILE.read_text()
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {RDL_FILE}"
    path = tmp_path / "changed.rdl"
    path.write_text(text.replace(old, new))
    return path


@pytest.mark.parametrize(
    "old, new, message",
    [
        ("word_w queue_sel @ 0x030;", "word_w queue_sel @ 0x030", "changed.rdl"),
        ("queue_num @ 0x038;", "queue_num @ 0x034;", "QueueNumMax and QueueNum overlap at 0x034"),
        ("configured[2:2]", "configured[1:1]", "overlaps"),
        ("word_rw msi_data @ 0x0dc;", "word_rw msi_data[2] @ 0x0dc;", "only single 32-bit registers"),
        ("config_generation @ 0x0fc;", "config_generation @ 0x200;", "ConfigGeneration lies in or behind Config"),
        ("word_constant magic_value @", "word_constant magic @", "changed.rdl"),
        ('msi_data->desc = "Message data, taken by CONFIGURE.";', "", "msi_data: has no description"),
        ("} config_window @ 0x100;", "} window @ 0x100;", "named config_window"),
    ],
)
def test_bad_description_is_refused(tmp_path, capsys, old, new, message):
    path = changed_rdl(tmp_path, old, new)
    assert main(["--rdl", str(path), "--root", str(tmp_path)]) == 1
    error = capsys.readouterr().err
    assert message in error
    assert "Traceback" not in error
    assert not (tmp_path / "rtl").exists()


def test_missing_description_is_named(tmp_path, capsys):
    assert main(["--rdl", str(tmp_path / "none.rdl")]) == 1
    assert "none.rdl" in capsys.readouterr().err


def test_needed_register_is_named(tmp_path, capsys):
    text = RDL_FILE.read_text().replace("msi_cmd @", "msi_order @")
    path = tmp_path / "changed.rdl"
    path.write_text(text)
    assert main(["--rdl", str(path), "--root", str(tmp_path)]) == 1
    assert capsys.readouterr().err == "virtio_mmio: has no register msi_cmd\n"


def test_shared_layout_must_agree(tmp_path):
    path = changed_rdl(
        tmp_path,
        'field { desc = "Clears InterruptStatus bit 1."; } config_change[1:1]',
        'field { desc = "Clears InterruptStatus bit 1."; } config_change[2:2]',
    )
    with pytest.raises(DescriptionError, match="InterruptACK: INTERRUPT config_change"):
        load(path).field_groups()
