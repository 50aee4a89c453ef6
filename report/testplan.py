"""The testplan with the results of its tests in the latest regression."""

from dataclasses import dataclass

from tests.simulation.requirements.trace import coverage, reasons, requirements


@dataclass(frozen=True)
class Entry:
    """One requirement.

    Attributes:
        name, text: its identifier and what it demands.
        tests: "module:test" of those that cover it.
        verdict: "passed", "failed", "not run", or "not visible" at any port, with the reason.
        reason: why; "" for the others.
        runs: how many runs of its tests there were.
    """

    name: str
    text: str
    tests: list[str]
    verdict: str
    reason: str
    runs: int


def entries(regression: dict | None) -> list[Entry]:
    """Every requirement of the plan, in its order, with the results of a regression (sim/regress/figures.py)."""
    verdicts = _verdicts(regression)
    covering, hidden = coverage(), reasons()
    return [_entry(name, text, covering.get(name, []), hidden.get(name, ""), verdicts) for name, text in requirements().items()]


def _verdicts(regression: dict | None) -> dict[str, list[str]]:
    """"module:test" -> the verdict of every run."""
    found: dict[str, list[str]] = {}
    for run in (regression or {}).get("runs", []):
        for case in run["cases"]:
            # A parametrized test is listed with its parameters.
            name = f"{run['module']}:{case['name'].partition('/')[0]}"
            found.setdefault(name, []).append(case["verdict"])
    return found


def _entry(name: str, text: str, tests: list[str], reason: str, verdicts: dict[str, list[str]]) -> Entry:
    each = [verdict for test in tests for verdict in verdicts.get(test, [])]
    if reason:
        verdict = "not visible"
    elif "failed" in each:
        verdict = "failed"
    elif "passed" in each:
        verdict = "passed"
    else:
        verdict = "not run"
    return Entry(name, text, tests, verdict, reason, sum(verdict in ("passed", "failed") for verdict in each))
