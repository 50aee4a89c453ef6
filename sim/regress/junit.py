# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""junit.xml: a regression for CI systems, a test suite for each simulation.

Log and waves of a failure are attached in Jenkins' way, [[ATTACHMENT|path]] in the test's output; GitLab reads the
same.
"""

from pathlib import Path

from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite

from sim.flow import results
from sim.flow.run import Result
from sim.regress.buckets import Bucket
from sim.regress.run import Regression


def write(regression: Regression, file: Path) -> None:
    """Write the file."""
    xml = JUnitXml("regression")
    buckets = {(id(result), failure): bucket for bucket in regression.buckets() for result, failure in bucket.failures}
    for result in regression.results:
        xml.add_testsuite(_suite(result, {failure: buckets[id(result), failure] for failure in result.failures}))
    xml.write(str(file), pretty=True)


def _suite(result: Result, buckets: dict[results.Failure, Bucket]) -> TestSuite:
    simulation = result.simulation
    name = f"{simulation.simulator}.{simulation.configuration}.{simulation.label}"
    suite = TestSuite(f"{name}.seed_{simulation.seed}")
    suite.add_property("seed", str(simulation.seed))
    suite.add_property("configuration", simulation.configuration)
    suite.add_property("simulator", simulation.simulator)
    by_test = {failure.test: failure for failure in result.failures}
    for case in result.cases:
        failure = by_test.pop(case.name, None)
        suite.add_testcase(_case(name, case.name, case.seconds, case.verdict, failure, result, buckets))
    for test, failure in by_test.items():
        suite.add_testcase(_case(name, test or "simulation", result.seconds, "error", failure, result, buckets))
    suite.time = result.seconds
    return suite


def _case(
    suite: str,
    name: str,
    seconds: float,
    verdict: str,
    failure: results.Failure | None,
    result: Result,
    buckets: dict[results.Failure, Bucket],
) -> TestCase:
    case = TestCase(name, suite, seconds)
    if verdict == "skipped":
        case.result = [Skipped("not for this configuration")]
    if failure:
        problem = (Failure if verdict == "failed" else Error)(failure.message, "failure")
        problem.text = "\n".join(
            [
                failure.message,
                *(results.tail(result.log, failure.test) if result.log else []),
                f"replay: {result.simulation.replay(failure.test)}",
            ]
        )
        case.result = [problem]
        second = buckets[failure].second
        files = [result.log, *([second.log, second.waves] if second else [])]
        case.system_out = "\n".join(f"[[ATTACHMENT|{path}]]" for path in files if path and path.is_file())
    return case
