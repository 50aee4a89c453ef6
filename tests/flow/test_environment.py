# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0

"""What the user's environment can change: nothing but what docs/flow.md names."""

import os
import re

import pytest

from sim.flow import build as builds
from sim.flow import environment, tools
from sim.flow.design import Design
from sim.flow.paths import ROOT
from sim.flow.run import Simulation, simulate
from tests.flow.test_command_line import flow

MODULE = "tests.flow.benches.foreign"
FOREIGN = {
    "PYTHONOPTIMIZE": "1",
    "COCOTB_REWRITE_ASSERTION_FILES": "",
    "COCOTB_MAX_FAILURES": "1",
    "COCOTB_LIST_TESTS": "1",
    "COCOTB_USER_COVERAGE": "1",
    "COCOTB_LOG_LEVEL": "ERROR",
    "COCOTB_REDUCED_LOG_FMT": "0",
    "COCOTB_LOG_PREFIX": "{ANSI}:",
    "COCOTB_TEST_FILTER": "nothing",
    "GPI_LOG_LEVEL": "CRITICAL",
    "PYTHONWARNINGS": "error",
    "PYTHONSTARTUP": "/nowhere",
    "PYUVM_ENABLE_SV_UVM_STYLE_REPORTING": "1",
}


@pytest.fixture(params=tools.SIMULATORS)
def simulator(request):
    """Each simulator that is there."""
    if tools.missing(request.param):
        pytest.skip(tools.missing(request.param))
    return request.param


def outcome(simulator: str) -> tuple:
    """Verdicts and messages of the bench, and what its log says."""
    result = simulate(Simulation(simulator, "nonsharing", MODULE, seed=3))
    log = result.log.read_text()
    return (
        [(case.name, case.verdict) for case in result.cases],
        result.failures,
        "own variable" in log,
        "Traceback" in log,
    )


def test_foreign_variables_change_nothing(simulator, monkeypatch):
    """All of them at once, against none of them; the failing assertion fails with its values."""
    for name in FOREIGN:
        monkeypatch.delenv(name, raising=False)
    before = outcome(simulator)
    assert before[0] == [("asserts", "failed"), ("passes", "passed")]
    assert before[1][0].message == "assert 0x40000001 == 153 (0x99)"
    assert before[2:] == (True, True)
    for name, value in FOREIGN.items():
        monkeypatch.setenv(name, value)
    assert outcome(simulator) == before


def test_foreign_variables_change_nothing_on_the_command_line():
    """PYTHONOPTIMIZE reaches the flow's own Python, too."""
    words = ["run", "--sim", "icarus", "--config", "nonsharing", "--test", f"{MODULE}:asserts"]
    if tools.missing("icarus"):
        pytest.skip(tools.missing("icarus"))
    process = flow(*words, **FOREIGN)
    assert process.returncode == 1, process.stdout + process.stderr
    assert "assert 0x40000001 == 153 (0x99)" in process.stdout


def test_own_variables_get_through(monkeypatch):
    """Those of the user's own tests, and no others."""
    monkeypatch.setenv("TB_OWN", "5")
    monkeypatch.setenv("CXXFLAGS", "-DWRONG")
    now = environment.environment()
    assert now["TB_OWN"] == "5"
    assert "CXXFLAGS" not in now


@pytest.mark.parametrize(
    "name", ["CXXFLAGS", "LDFLAGS", "OBJCACHE", "VERILATOR_BIN", "MAKEFLAGS", "CPATH", "IVERILOG_DUMPER"]
)
def test_build_variables_do_not_reach_the_build(monkeypatch, name):
    """Nor its key."""
    monkeypatch.setenv(name, "/nowhere")
    assert name not in environment.environment()


def test_another_compiler_is_another_build(monkeypatch, tmp_path):
    """What gets through and decides the build is in its key."""
    from cocotbext.virtio.config import EndpointConfig

    design = Design(ROOT / "rtl", EndpointConfig())
    before = builds.key("icarus", design)
    compiler = tmp_path / "g++"
    compiler.write_text("#!/bin/sh\n")
    compiler.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert builds.key("icarus", design) != before


def test_documented():
    """docs/flow.md names everything that gets through."""
    text = (ROOT / "docs" / "flow.md").read_text()
    for name in (*environment.PASSED, environment.OWN):
        assert re.search(rf"`{name}", text), name
