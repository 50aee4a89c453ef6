# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""One simulation: a configuration, a simulator, a test module and a seed, in a directory of its own."""

import json
import os
import re
import shlex
import shutil
import sys
import time
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import find_libpython
from cocotb_tools import config as cocotb_config
from cocotbext.virtio.config import EndpointConfig
from cocotbext.virtio.scoreboard.statistics import add

from sim.flow import hex_values, processes, results, skips, sources, time_limit, tools, waves
from sim.flow.build import SIMULATORS, build, link_data
from sim.flow.burst_design import BurstDesign
from sim.flow.configs import configurations
from sim.flow.design import ENGINE, AnyDesign, Design, TopDesign
from sim.flow.errors import FlowError
from sim.flow.locks import exclusive
from sim.flow.modules import DEFAULT_TIMEOUT, PACKAGE, registered
from sim.flow.names import short as short_name
from sim.flow.paths import PYTHON_PATH, ROOT, RUNS, rtl_directory
from sim.flow.text import printable

RUN_LOG = "run_log.jsonl"  # in the directory of a run


_LEAST_FREE = 1 << 20  # bytes on a disk; with less, a simulation that failed may have failed for that
SOURCES = "sources"  # in the directory of a run: the fingerprint of what it tested


# What Python calls in the simulator, in this order: cocotb's own functions and the flow's among them.
_ENTRY_POINTS = (
    "cocotb.logging:_configure",
    "cocotb._init:init_package_from_simulation",
    f"{time_limit.__name__}:watch",
    f"{hex_values.__name__}:install",
    "cocotb.regression:_run_regression",
)


@dataclass(frozen=True)
class Simulation:
    """What to run. Without `test`, all tests of the module."""

    simulator: str
    configuration: str
    module: str
    seed: int
    test: str | None = None
    # without `test`: only these of the module; of several, with commas between them, as "module:test"
    tests: tuple[str, ...] = ()
    waves: bool = False
    trace: Path | None = None
    record: Path | None = None
    run_log: bool = False
    timeout: float = DEFAULT_TIMEOUT
    rtl: Path = field(default_factory=rtl_directory)
    place: Path = RUNS  # the folder of its directory
    bus: str = "signals"  # or "fast": the ports are driven from Verilog; "bursts": the memories are in Verilog
    limits: str | None = None  # of random drivers of rings, such as "buffers=2,parts=1"
    users: tuple[str, ...] = ()  # entry points of Python in the simulator, called before the tests begin

    def __post_init__(self) -> None:
        for name in ("tests", "users"):
            object.__setattr__(self, name, tuple(getattr(self, name)))  # a list when it comes from a record

    @property
    def design(self) -> AnyDesign:
        """What is built for it."""
        if self.bus == "bursts":
            return BurstDesign.around(replace(configurations().designs[self.configuration], rtl=self.rtl))
        return configurations().design(self.configuration, self.rtl, self.bus == "fast")

    @property
    def label(self) -> str:
        """What runs, in short."""
        if self.trace:
            return self.trace.stem
        short = self.module.removeprefix(PACKAGE + ".")
        return f"{short}:{self.test}" if self.test else short

    @property
    def directory(self) -> Path:
        """Where it runs and leaves its files."""
        name = f"{self.configuration}-{self.simulator}-{self.label}-{self.seed}"
        if self.bus != "signals":
            name += f"-{self.bus}"
        if self.limits:
            name += f"-{self.limits}"
        if self.rtl != ROOT / "rtl":
            name += "-" + str(self.rtl).strip("/")
        return self.place / short_name(name)

    def replay(self, test: str | None) -> str:
        """The command that runs it again with waves; `test` narrows it to one."""
        return self.command("sim", test) + " WAVES=1"

    def command(self, target: str, test: str | None = None) -> str:
        """The command that gives this run to a target of the Makefile; `test` narrows it to one."""
        module = self.module.removeprefix(PACKAGE + ".")
        test = test or self.test
        words = {
            "RTL": None
            if self.rtl == ROOT / "rtl"
            else self.rtl.relative_to(ROOT)
            if self.rtl.is_relative_to(ROOT)
            else self.rtl,
            "SIM": self.simulator,
            "CONFIG": self.configuration,
            "TRACE": self.trace and os.path.relpath(self.trace, ROOT),
            "TEST": None if self.trace else f"{module}:{test}" if test else module,
            "BUS": None if self.bus == "signals" else self.bus,
            "SEED": self.seed,
            "LIMITS": self.limits,
            "TIMEOUT": None if module in registered() or self.timeout <= DEFAULT_TIMEOUT else f"{self.timeout:g}",
        }
        given = (f"{name}={shlex.quote(str(value))}" for name, value in words.items() if value not in (None, ""))
        return f"make {target} " + " ".join(given)


@dataclass
class Result:
    """What came of a simulation."""

    simulation: Simulation
    cases: list[results.Case] = field(default_factory=list)
    failures: list[results.Failure] = field(default_factory=list)
    statistics: dict = field(default_factory=dict)
    seconds: float = 0
    log: Path | None = None
    waves: Path | None = None
    waves_problem: str | None = None  # why there is no dump although one was asked for

    @property
    def tests(self) -> int:
        """How many tests ran."""
        return results.ran(self.cases)

    def report(self, shown: set[str] | None = None) -> str:
        """Every failure in full: what failed, the end of its log, and the command that replays it.

        A message in `shown` has been seen with its log, so the log is left out; what is reported here is added.
        """
        shown = set() if shown is None else shown
        lines = []
        for failure in self.failures:
            simulation = self.simulation
            name = f"{simulation.label}:{failure.test}" if failure.test and not simulation.test else simulation.label
            place = f"{simulation.simulator} {simulation.configuration} {printable(name)}"
            lines.append(f"FAILED {place}: {failure.message}")
            if self.log and failure.message not in shown:
                lines += ["  | " + line for line in results.tail(self.log, failure.test)]
            if self.log:
                lines.append(f"  log:    {self.log}")
            if self.waves_problem:
                lines.append(f"  waves:  none: {self.waves_problem}")
            lines.append(f"  replay: {simulation.replay(failure.test)}")
            if failure.test and not simulation.test and self.tests > 1:
                lines.append(
                    "  times:  above they count from the start of the simulation, in which other tests ran before; the "
                    "cycles are those of the replay"
                )
            shown.add(failure.message)
        return "\n".join(lines)


def simulate(simulation: Simulation) -> Result:
    """Build what is needed and run one simulation. A failure, the build's too, is in the result.

    Raises:
        Interrupted: the flow is being stopped.
    """
    started = time.monotonic()
    try:
        built = build(simulation.simulator, simulation.configuration, simulation.design, simulation.waves)
    except FlowError as error:
        return Result(simulation, failures=[results.Failure(None, str(error))])
    with exclusive(simulation.directory.with_name(simulation.directory.name + ".lock")):
        result = _run(simulation, built)
    result.seconds = time.monotonic() - started
    return result


def _run(simulation: Simulation, built: Path) -> Result:
    directory = simulation.directory
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    (directory / SOURCES).write_text(sources.fingerprint(simulation.rtl))
    link_data(built, directory)
    log, outcome_file, statistics = directory / "log", directory / "results.xml", directory / "statistics.json"
    dump = directory / "waves.fst" if simulation.waves else None
    command = SIMULATORS[simulation.simulator].run_command(built, simulation.seed, dump)
    variables = environment(simulation) | {
        "COCOTB_RESULTS_FILE": str(outcome_file),
        "RUN_STATISTICS": str(statistics),
        "RUN_COVERAGE": str(directory / "coverage.json"),
    }
    try:
        status = processes.run(
            command, log, directory, variables, simulation.timeout + time_limit.PATIENCE, time_limit.GRACE
        )
    except processes.TimedOut:
        status = None
    outcome = results.judge(status, outcome_file, log)
    if outcome.failures and (free := shutil.disk_usage(directory).free) < _LEAST_FREE:
        raise FlowError(f"no space left on the disk of {directory} ({free:,} bytes): its simulation cannot be judged")
    result = Result(simulation, outcome.cases, outcome.failures, log=log, waves=dump)
    if statistics.is_file():
        result.statistics = _statistics(_read_statistics(statistics, result), bool(result.failures))
        for name in ("lost", "without_cause"):
            if result.statistics.get(name) and not result.failures:
                result.failures.append(results.Failure(None, f"{result.statistics[name]} {name.replace('_', ' ')}"))
    recorded = directory / "record.csv"
    if simulation.record and recorded.is_file():
        shutil.copy(recorded, simulation.record)
    elif simulation.record and not result.failures:
        result.failures.append(results.Failure(None, f"the test recorded nothing for {simulation.record}"))
    if dump and (problem := waves.problem(dump)):
        result.waves, result.waves_problem = None, problem
    elif dump:
        _arrange_waves(simulation, directory, waves.failure_time(outcome_file))
    return result


def _arrange_waves(simulation: Simulation, directory: Path, failure: float | None) -> None:
    design, known = simulation.design, configurations()
    if isinstance(design, Design):
        waves.arrange(directory, known.by_name[simulation.configuration], design.parts, failure)
    elif isinstance(design, TopDesign):
        values = dict(design.values)
        address = values.get("ADDR_WIDTH", 64) if design.top == ENGINE else values.get("MEM_ADDR_WIDTH", 64)
        widths = (address, values.get("DATA_WIDTH", 64))
        waves.arrange(directory, EndpointConfig.of_parameters(values), design.parts, failure, widths)


def _read_statistics(file: Path, result: Result) -> dict:
    try:
        found = json.loads(file.read_text(encoding="utf-8", errors="replace"))
    except ValueError:
        found = None
    if isinstance(found, dict):
        return found
    if not result.failures:
        result.failures.append(results.Failure(None, f"{file.name} is no JSON object"))
    return {}


def _statistics(figures: dict, failed: bool) -> dict:
    """The figures of a simulation: with those of its failed tests when it has failed. Without a failure, these belong
    to tests that are expected to fail."""
    of_failed = figures.pop("failed", None)
    if failed and of_failed:
        figures["failed_tests"] = of_failed.pop("tests")
        add(figures, of_failed)
    return figures


@cache
def _python_library() -> str:
    path = find_libpython.find_libpython()
    if not path:
        raise FlowError(
            f"{sys.executable} has no shared library; on Debian install libpython3.{sys.version_info.minor}"
        )
    return path


def _users(simulation: Simulation) -> tuple[str, ...]:
    return (skips.ENTRY, *simulation.users) if simulation.tests else simulation.users


def _full_name(module: str, test: str) -> str:
    """A test as cocotb names it."""
    own, colon, name = test.partition(":")
    return f"{PACKAGE}.{own}.{name}" if colon else f"{module}.{test}"


def design_variables(configuration: str) -> dict[str, str]:
    """What a test reads of the design that it runs on."""
    known = configurations()
    if configuration in known.by_name:
        return {"ENDPOINT_CONFIG": known.by_name[configuration].to_json()}
    return {"DESIGN_PARAMETERS": json.dumps(dict(known.designs[configuration].values))}


def environment(simulation: Simulation) -> dict[str, str]:
    """What the simulator, cocotb and the testbench read."""
    result = (
        tools.environment()
        | {
            "COCOTB_TOPLEVEL": simulation.design.top,
            "BUS": simulation.bus,
            "TOPLEVEL_LANG": "verilog",
            "COCOTB_TEST_MODULES": simulation.module,
            "COCOTB_RANDOM_SEED": str(simulation.seed),
            "COCOTB_TRUST_INERTIAL_WRITES": str(int(SIMULATORS[simulation.simulator].NAME != "icarus")),
            "COCOTB_ANSI_OUTPUT": "0",
            "GPI_USERS": f"{_python_library()};{cocotb_config.pygpi_entry_point()}",
            "PYGPI_PYTHON_BIN": sys.executable,
            "PYGPI_USERS": ",".join((*_ENTRY_POINTS[:-1], *_users(simulation), _ENTRY_POINTS[-1])),
            time_limit.VARIABLE: f"{simulation.timeout:g}",
            "COCOTB_REWRITE_ASSERTION_FILES": "*.py",
            "PYTHONPATH": os.pathsep.join(map(str, PYTHON_PATH)),
            "PYTHONUNBUFFERED": "1",
            # or the order of sets would differ from run to run, and with it who shares a message with whom
            "PYTHONHASHSEED": "0",
        }
        | design_variables(simulation.configuration)
    )
    paths = [str(cocotb_config.libs_dir), *filter(None, [result.get("LD_LIBRARY_PATH")])]
    result["LD_LIBRARY_PATH"] = os.pathsep.join(paths)
    if chosen := (simulation.test,) if simulation.test else simulation.tests:
        names = "|".join(re.escape(_full_name(simulation.module, test)) for test in chosen)
        result["COCOTB_TEST_FILTER"] = rf"^({names})(/.*)?$"
    if simulation.trace:
        result["TRACE"] = str(simulation.trace)
    if simulation.record:
        result["RECORD"] = str(simulation.directory / "record.csv")
    if simulation.limits:
        result["RING_LIMITS"] = simulation.limits
    if simulation.run_log:
        result["RUN_LOG"] = str(simulation.directory / RUN_LOG)
    return result
