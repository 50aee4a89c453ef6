# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Which places of a Verilog text are mutated, and into what."""

import pytest

from sim.flow.design import endpoint_sources
from sim.flow.paths import ROOT
from sim.mutation.mutants import all_mutants, sample
from sim.mutation.verilog import Source, tokenize

TEXT = """// a comment with if (x)
`include "names.vh"
module part #(parameter W = 2) (
    input  wire         a,
    output wire [W-1:0] y,
    output reg          z
);
    localparam LAST = W - 1;
    wire unused = &{1'b0, a};
    assign y = a ? {{(W - 1){1'b0}}, 1'b1} : 2'd3;
    always @(posedge a) begin
        if (!a || b && c)
            z <= 1'b0;
        else
            m[LAST] <= `KIND_A;
    end
    other #(.W(3)) inner (.p(a), .q(y));
endmodule
"""
NAMES = "`define KIND_A 1\n`define KIND_B 2\n"
OTHER = "module other #(\n    parameter W = 2\n) (\n    input  wire p,\n    output wire q\n);\nendmodule\n"


@pytest.fixture
def folder(tmp_path):
    """A design of two modules."""
    (tmp_path / "part.v").write_text(TEXT)
    (tmp_path / "names.vh").write_text(NAMES)
    (tmp_path / "other.v").write_text(OTHER)
    return tmp_path


def test_every_mutant_of_a_text(folder):
    """All of them, and nothing in comments, headers, ranges, parameters, outputs or what is named unused."""
    found = [(mutant.operator, mutant.original, mutant.mutated) for mutant in all_mutants(folder)]
    assert found == [
        ("operator", "-", "+"),
        ("constant", "1", "2"),
        ("choice", "a ? {{(W - 1){1'b0}}, 1'b1} : 2'd3", "({{(W - 1){1'b0}}, 1'b1})"),
        ("choice", "a ? {{(W - 1){1'b0}}, 1'b1} : 2'd3", "(2'd3)"),
        ("constant", "1'b0", "1'b1"),
        ("constant", "1'b1", "1'b0"),
        ("constant", "2'd3", "2'd0"),
        ("condition", "!a || b && c", "1'b0"),
        ("condition", "!a || b && c", "1'b1"),
        ("negation", "!", ""),
        ("operator", "||", "&&"),
        ("operand", "|| b && c", ""),
        ("operand", "!a ||", ""),
        ("operator", "&&", "||"),
        ("operand", "&& c", ""),
        ("operand", "b &&", ""),
        ("no assignment", "z <= 1'b0", ""),
        ("constant", "1'b0", "1'b1"),
        ("no assignment", "m[LAST] <= `KIND_A", ""),
        ("constant", "`KIND_A", "`KIND_B"),
        ("port", "a", "(a) ^ 1'b1"),
    ]


def test_a_mutant_changes_its_place_alone(folder, tmp_path_factory):
    """Applied, the text differs there and nowhere else, and the line is right."""
    for mutant in all_mutants(folder):
        copy = tmp_path_factory.mktemp("copy")
        (copy / "part.v").write_text(TEXT)
        mutant.apply(copy)
        changed = (copy / "part.v").read_text()
        assert changed == TEXT[: mutant.start] + mutant.mutated + TEXT[mutant.end :] != TEXT
        assert mutant.original.splitlines()[0] in TEXT.splitlines()[mutant.line - 1]


def test_a_mutant_of_another_text_is_refused(folder):
    """The design has changed since the mutant was made."""
    mutant = all_mutants(folder)[0]
    (folder / "part.v").write_text("// one more line\n" + TEXT)
    with pytest.raises(AssertionError, match="not the design"):
        mutant.apply(folder)


def test_samples_grow(folder):
    """More mutants of one seed begin with the same ones; another seed gives others."""
    mutants = all_mutants(folder)
    assert sample(mutants, 10, 1)[:5] == sample(mutants, 5, 1)
    assert sample(mutants, 10, 1) != sample(mutants, 10, 2)
    chosen = [(mutant.original, mutant.mutated) for mutant in sample(mutants, 10, 1)]
    (folder / "part.v").write_text("// longer\n" + TEXT)
    assert [(mutant.original, mutant.mutated) for mutant in sample(all_mutants(folder), 10, 1)] == chosen


def test_the_design_s_own_text_is_understood():
    """Each module has mutants, and each has a name of its own."""
    mutants = all_mutants(ROOT / "rtl")
    files = {file.stem for file in endpoint_sources(ROOT / "rtl")} - {"virtio_mmio_parameter_check"}
    assert {mutant.module for mutant in mutants} == files
    assert len({mutant.name for mutant in mutants}) == len(mutants)


def test_unknown_text_is_an_error():
    """With its line."""
    with pytest.raises(ValueError, match="line 2"):
        tokenize("wire a;\n\\escaped ")


def test_regions_of_an_instance():
    """Module and port of each connection are known, with parameters and without."""
    source = Source("module m (a);\nfirst #(.P(1)) one (.x(a));\nsecond two (.y(a));\nendmodule\n")
    assert [(region.kind, region.module, region.port) for region in source.regions] == [
        ("port", "first", "x"),
        ("port", "second", "y"),
    ]
