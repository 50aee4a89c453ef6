# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The test plan is complete, the tests name nothing that is not in it, and results are judged as they should be."""

import subprocess
import sys

import pytest
from cocotbext.virtio.conformance import registry

from sim.flow import modules
from sim.flow.configs import configurations
from sim.flow.paths import ROOT
from sim.plan import entry, verdict
from sim.plan.trace import checks, coverage

NUMBERED = {"MMIO": 61, "MSI": 40, "NTF": 13, "L": 15, "SPLIT": 26, "PACKED": 18, "V": 16, "A": 2, "C": 19}
DEVICES = [*range(1, 16), *range(20, 25), *range(30, 36)]


def test_plan_has_every_number():
    """No requirement was left out."""
    expected = {
        f"{family}-{number}" if family != "L" else f"L{number}"
        for family, last in NUMBERED.items()
        for number in range(1, last + 1)
    }
    expected |= {f"rule {number}" for number in range(1, 14)} | {f"choice {number}" for number in range(1, 10)}
    expected |= {f"fault {number}" for number in range(1, 13)} | {f"DEV-{number}" for number in DEVICES}
    assert not expected - entry.read().keys()


def test_every_requirement_has_a_test_or_a_reason():
    """One of them, and not both; a check of the conformance suite where the entry has no stimulus of tests."""
    entries, covered, checked = entry.read(), coverage().keys(), checks().keys()
    excused = {name for name, found in entries.items() if found.not_visible}
    by_checks = {name for name, found in entries.items() if found.by_checks}
    missing = entries.keys() - covered - excused - (checked & by_checks)
    assert not missing, f"neither test nor reason: {', '.join(sorted(missing))}"
    assert not covered & excused, f"tested although not visible: {', '.join(sorted(covered & excused))}"
    assert not covered & by_checks, f"tested, without stimulus: {', '.join(sorted(covered & by_checks))}"


def test_checks_name_what_virtio_demands():
    """Each check of the conformance suite names entries, and none that is this project's own choice."""
    entries = entry.read()
    for name, names in checks().items():
        assert name in entries, f"{', '.join(names)}: {name} is not in tb/testplan.toml"
        assert entries[name].source == "virtio", f"{', '.join(names)}: {name} is demanded by {entries[name].source}"
        assert not entries[name].not_visible, f"{', '.join(names)}: {name} has no test, it says"


def test_what_virtio_demands_has_a_check():
    """Each entry that some port shows, of whatever device: a check, or the reason why none; and not both."""
    checked = checks().keys()
    for name, found in entry.read().items():
        if found.source == "virtio" and not found.not_visible:
            assert (name in checked) != bool(found.no_check), f"{name}: a check, or no_check = a reason"


def test_ports_of_entries_are_those_of_a_check():
    """With the ports that an entry names, one of its checks runs."""
    entries, ports = entry.read(), {check.name: set(check.ports) for check in registry.checks().values()}
    assert set(entry.PORTS) == set(registry.PORTS)
    for name, names in checks().items():
        smallest = [sorted(ports[check]) for check in names if ports[check] <= set(entries[name].ports)]
        assert smallest, f"{name}: {', '.join(entries[name].ports)} are not enough for {', '.join(names)}"


@pytest.mark.parametrize("name", ["MMIO-38", "MMIO-42", "MMIO-54", "MMIO-55"])
def test_what_only_a_memory_port_shows(name):
    """By tests of the engine, and by checks."""
    assert any(test.startswith("test_virtqueue:") for test in coverage()[name])
    assert checks()[name]


def test_no_unknown_requirement():
    """Tests name what is in the plan."""
    unknown = {name: tests for name, tests in coverage().items() if name not in entry.read()}
    assert not unknown, f"not in testplan.toml: {unknown}"


def test_every_test_has_an_entry():
    """A test of the project that shows nothing that is asked for is not needed, or the plan lacks an entry.

    Modules without an entry in sim/tests.toml are the user's own and need neither.
    """
    covering = {test for tests in coverage().values() for test in tests}
    every = {
        f"{module}:{test}"
        for module, registration in modules.registered().items()
        for test in modules.tests(f"{modules.PACKAGE}.{module}")
        if not set(registration.configurations)
        <= set(configurations().designs)  # of another top; the plan is the endpoint's
    }
    assert len(every) > 200
    assert not every - covering, (
        f"without @covers: {', '.join(sorted(every - covering))}; name the entries of tb/testplan.toml that they show, "
        "or take the module out of sim/tests.toml: a test of your own needs no entry"
    )


def test_covering_tests_are_run():
    """Every test that counts is in a module that sim/tests.toml runs."""
    used = {test.partition(":")[0] for tests in coverage().values() for test in tests}
    missing = used - modules.registered().keys()
    assert not missing, (
        f"{', '.join(sorted(missing))}: @covers counts only where sim/tests.toml says that the module runs; give it an "
        "entry there, or leave @covers out of a test of your own"
    )


@pytest.mark.parametrize(
    "source, complaint",
    [
        ("@cocotb.test()\n@covers('MMIO-1', NAME)\ndef one(): pass", "literal"),
        ("@cocotb.test()\n@covers()\ndef one(): pass", "literal"),
        ("@covers('MMIO-1')\ndef one(): pass", "no test"),
    ],
)
def test_misuse_is_noticed(tmp_path, source, complaint):
    """A @covers that cannot be read, or that counts nothing, is an error."""
    (tmp_path / "test_it.py").write_text(source)
    with pytest.raises(ValueError, match=complaint):
        coverage(tmp_path)


HEAD = "[a.b]\nrequirement = 'x'\nsource = 'virtio'\nports = ['irq']\n"
TESTED = HEAD + "stage = 'V1'\nstimulus = 'y'\nexpected = 'z'\n"


@pytest.mark.parametrize(
    "text, complaint",
    [
        ("[a.b]\nrequirement = 'x'", "no ports, source"),
        (HEAD + "stage = 'V1'\nstimulus = 'y'", "expected"),
        (TESTED.replace("V1", "V4"), "V4"),
        (TESTED.replace("'y'", "''"), "empty"),
        (HEAD + "not_visible = 'y'\nexpected = 'z'", "either"),
        (HEAD + "reason = 'y'", "reason"),
        (HEAD.replace("virtio", "us"), "source us"),
        (HEAD.replace("['irq']", "['dma']"), "ports are"),
        (HEAD.replace("['irq']", "[]"), "ports are"),
        (TESTED.replace("virtio", "choice") + "no_check = 'y'", "no_check is for"),
        (HEAD + "no_fault = 'y'", "no_fault is for"),
    ],
)
def test_mistake_in_the_plan(tmp_path, text, complaint):
    """An entry that is not complete is an error with its name."""
    (tmp_path / "plan.toml").write_text(text)
    with pytest.raises(ValueError, match=complaint) as error:
        entry.read(tmp_path / "plan.toml")
    assert str(error.value).startswith("b:")


ENTRIES = {
    "one": entry.Entry("s", "one", "r", "virtio", ("irq",), "V1", "a", "b"),
    "hidden": entry.Entry("s", "hidden", "r", "virtio", ("irq",), not_visible="c"),
    "checked": entry.Entry("s", "checked", "r", "virtio", ("irq",)),
}
COVERING = {"one": ["test_a:first", "test_a:second"]}


@pytest.mark.parametrize(
    "cases, failures, status",
    [
        ([("first", "passed"), ("second", "passed")], [], "passed"),
        ([("first", "passed"), ("second", "skipped")], [], "passed"),
        ([("first/turn=1", "passed"), ("first/turn=2", "failed")], ["first/turn=2"], "failed"),
        ([("first", "skipped"), ("second", "skipped")], [], "not run"),
        ([("other", "passed")], [], "not run"),
        ([], ["first"], "failed"),  # killed in it, without a results file
        ([("first", "passed")], [None], "failed"),  # the simulation failed around it
        ([("other", "failed"), ("first", "passed")], ["other"], "passed"),
    ],
)
def test_results_decide(cases, failures, status):
    """An entry has passed when a test of it passed and none failed; that a test exists is not enough."""
    found = verdict.judge(verdict.runs_of("tb.tests.test_a", cases, failures), ENTRIES, COVERING)
    assert [each.status for each in found] == [status, "not visible", "by conformance"]


def test_end_of_a_test_run_fails_without_a_passing_test(tmp_path):
    """What `make test` does at its end: here with a plan's worth of simulations of which one has failed."""
    (tmp_path / "test_it.py").write_text("""
import pytest

@pytest.mark.parametrize("verdict", ["passed", "failed"])
def test_module(record_property, verdict):
    record_property("simulation", ("tb.tests.test_smoke", [("identity", "passed"), ("one_interrupt", verdict)], []))
""")
    words = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "tests.simulation.plan_plugin",
        "-p",
        "no:xdist",
        str(tmp_path),
    ]
    process = subprocess.run([*words, "--testplan-of=2"], cwd=ROOT, capture_output=True, text=True)
    assert process.returncode == 1, process.stdout + process.stderr
    assert "2 passed" in process.stdout, "the tests themselves have passed"
    assert "failed: MSI-27" in process.stdout
    assert "not run: rule 1" in process.stdout
    process = subprocess.run([*words, "--testplan-of=3"], cwd=ROOT, capture_output=True, text=True)
    assert process.returncode == 0, "a part of the simulations decides nothing"
    assert "not run" not in process.stdout
