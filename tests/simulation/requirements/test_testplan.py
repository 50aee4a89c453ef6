"""The test plan is complete, and the tests name nothing that is not in it."""

import pytest

from sim import modules
from tests.simulation.requirements.trace import coverage, reasons, requirements

NUMBERED = {"MMIO": 61, "MSI": 40, "NTF": 13, "L": 15}


def test_plan_has_every_number():
    """No requirement was left out."""
    expected = {f"{family}-{number}" if family != "L" else f"L{number}"
                for family, last in NUMBERED.items() for number in range(1, last + 1)}  # fmt: skip
    expected |= {f"rule {number}" for number in range(1, 14)} | {f"choice {number}" for number in range(1, 10)}
    assert not expected - requirements().keys()


def test_every_requirement_has_a_test_or_a_reason():
    """One of them, and not both."""
    covered, excused = coverage().keys(), reasons().keys()
    missing = requirements().keys() - covered - excused
    assert not missing, f"neither test nor reason: {', '.join(sorted(missing))}"
    assert not covered & excused, f"tested although not visible: {', '.join(sorted(covered & excused))}"


def test_no_unknown_requirement():
    """Tests and reasons name what is in the plan."""
    known = requirements().keys()
    unknown = {name: tests for name, tests in coverage().items() if name not in known}
    assert not unknown, f"not in testplan.toml: {unknown}"
    assert not reasons().keys() - known


def test_covering_tests_are_run():
    """Every test that counts is in a module that sim/tests.toml runs."""
    registered = modules.registered()
    used = {test.partition(":")[0] for tests in coverage().values() for test in tests}
    assert not used - registered.keys(), "not in sim/tests.toml"


@pytest.mark.parametrize("source, complaint", [
    ("@cocotb.test()\n@covers('MMIO-1', NAME)\ndef one(): pass", "literal"),
    ("@cocotb.test()\n@covers()\ndef one(): pass", "literal"),
    ("@covers('MMIO-1')\ndef one(): pass", "no test"),
])  # fmt: skip
def test_misuse_is_noticed(tmp_path, source, complaint):
    """A @covers that cannot be read, or that counts nothing, is an error."""
    (tmp_path / "test_it.py").write_text(source)
    with pytest.raises(ValueError, match=complaint):
        coverage(tmp_path)
