# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""All mutants in one design, and what is known from replaying inputs on it."""

import re
from dataclasses import replace as changed
from pathlib import Path

import pytest

from sim.flow import environment, tools
from sim.flow.configs import configurations
from sim.flow.paths import ROOT
from sim.mutation import icarus_mutants, mutant_mux, replay
from sim.mutation.mutant_mux import NONE
from sim.mutation.mutants import all_mutants
from sim.mutation.plan import Trial
from sim.mutation.replay import Replay
from sim.mutation.run_tests import kill_many

RTL = ROOT / "rtl"
TEXT = """module part #(
    parameter WIDE = 0
) (
    input  wire a,
    output reg  z
);
    localparam LAST = WIDE - 1;
    function one;
        input b;
        one = !b;
    endfunction
    generate
        if (WIDE == 1) begin : wide
            always @(posedge a) if (a && b) z <= 1'b0; else z <= one(a);
        end
    endgenerate
endmodule
"""


def test_every_mutant_stands_in_the_text(folder, tmp_path):
    """A condition, a value and an assignment that is dropped; not what elaboration decides."""
    (tmp_path / "part.v").write_text(TEXT)
    mutants = dict(enumerate(all_mutants(tmp_path)))
    places = mutant_mux.write(tmp_path, mutants, folder)
    inside = {(mutants[number].operator, mutants[number].original) for number in places}
    assert inside == {
        ("condition", "a && b"),
        ("operator", "&&"),
        ("operand", "&& b"),
        ("operand", "a &&"),
        ("constant", "1'b0"),
        ("no assignment", "z <= 1'b0"),
        ("no assignment", "z <= one(a)"),
    }
    text = (folder / "part.v").read_text()
    lines = text.splitlines()
    for number, place in places.items():
        mutant = mutants[number]
        part = f"`MUTANT != {number}" if mutant.operator == "no assignment" else mutant.mutated
        assert part in "\n".join(lines[place.first - 1 : place.last])
    unchosen = text.replace("\n", "")
    assert "LAST = WIDE - 1;" in unchosen and "one = !b;" in unchosen and "if (WIDE == 1)" in unchosen


needs_simulators = pytest.mark.skipif(
    bool(tools.missing("icarus") or tools.missing("verilator")), reason="both simulators are needed"
)


@needs_simulators
def test_replay_and_fork(folder, monkeypatch):
    """The mutants of two modules and a short simulation: what it does not use shows nowhere; others show within it,
    and fail when
    they are simulated, one that hangs too; without a mutant it passes. One that is no Verilog does not stop the
    others."""
    monkeypatch.setattr(environment, "_added", {"COCOTB_MAX_FAILURES": "1"})
    trial = Trial("test_smoke", "sharing")
    mutants = dict(
        enumerate(
            mutant
            for mutant in all_mutants(RTL)
            if mutant.module in ("virtio_interrupt_status", "virtio_notify_decode")
            or (mutant.module, mutant.mutated) == ("virtio_axil_register_port", "(s_axil_awvalid) ^ 1'b1")
        )
    )
    wrong = next(number for number, mutant in mutants.items() if mutant.operator == "operand")
    mutants[wrong] = changed(mutants[wrong], mutated="&& no_such_thing")
    replay = Replay(RTL, mutants, "sharing", folder)
    assert wrong not in replay.numbers
    assert len(replay.numbers) > 0.8 * len(mutants)
    found = replay.differences([trial])
    assert sorted(found) == replay.numbers
    seen = {number: cycles[trial] for number, cycles in found.items() if cycles}
    doorbells = {number for number in found if "doorbell" in mutants[number].original}
    assert doorbells and not doorbells & seen.keys()
    assert 3 < len(seen) < len(found)
    first = sorted(seen, key=seen.get)[:3]
    reasons = kill_many([*first, NONE], replay, trial, folder / "runs")
    assert reasons.pop(NONE) == ""
    assert any(reason.startswith("test_smoke @ sharing: ") for reason in reasons.values())


def test_ports():
    """Inputs and outputs by name, without the clock; what counts only while something is valid names outputs that
    there are, of the endpoint, the virtqueue engine or one of its modules."""
    endpoint, engine = (configurations().design(name, RTL) for name in ("nonsharing", "engine"))
    outputs = set()
    for design, some in ((endpoint, "irq"), (engine, "event_valid")):
        inputs, found = icarus_mutants.ports(design, "input"), icarus_mutants.ports(design, "output")
        assert "aresetn" in inputs and "aclk" not in inputs and some in found
        assert all(replay.PAYLOAD[name] in found for name in found if name in replay.PAYLOAD)
        outputs |= set(found)
    for file in (RTL / "virtqueue").glob("*.v"):
        outputs |= set(re.findall(r"^ *output +(?:wire|reg) +(?:\[.*?\])? *(\w+)", file.read_text(), re.MULTILINE))
    assert {*replay.PAYLOAD, *replay.PAYLOAD.values()} <= outputs
    assert Path(replay.__file__).with_name("replay.cpp").is_file()
