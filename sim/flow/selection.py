# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""From what the user asked for to the list of simulations."""

import random
import re
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from cocotbext.virtio.trace.trace_file import TraceError, TraceFile

from sim.flow import icarus, modules, tools
from sim.flow.configs import configurations
from sim.flow.errors import FlowError, unknown
from sim.flow.modules import DEFAULT_TIMEOUT, PACKAGE
from sim.flow.paths import ROOT, TRACES, rtl_directory
from sim.flow.run import Simulation

MAIN_JOB = "test_main_job"
MAIN_DISK = "test_main_disk"  # the whole device in RTL beside it
REPLAY = "test_trace"
BUSES = ("signals", "fast")  # who drives the ports: Python, or transactors in Verilog
_LARGEST_SEED = 2**31 - 1
LIMITS = ("buffers", "queues", "parts", "bytes", "latency")  # of random drivers of rings
_LIMIT = rf"({'|'.join(LIMITS)})=[1-9]\d*"
_LIMITS = re.compile(rf"{_LIMIT}(,{_LIMIT})*")


@dataclass(frozen=True)
class Request:
    """The user's choices as typed; None where there is none."""

    simulator: str | None = None
    configuration: str | None = None
    test: str | None = None
    seed: str | None = None
    waves: bool = False
    trace: str | None = None
    record: str | None = None
    timeout: float | None = None
    bus: str | None = None
    limits: str | None = None


def seed(text: str | None) -> int:
    """The number that SEED gives; "random" chooses one. The default is 1, so that a plain run can be repeated.

    Raises:
        FlowError: it is no number, or out of range.
    """
    if text == "random":
        return random.SystemRandom().randint(1, _LARGEST_SEED)
    try:
        value = int(text or "1", 0)
    except ValueError:
        value = -1
    if not 0 <= value <= _LARGEST_SEED:
        raise FlowError(f"seed '{text}' is not a number from 0 to {_LARGEST_SEED}, nor 'random'")
    return value


def select(request: Request, seed: int) -> list[Simulation]:
    """Everything that a request means to run. A recording is of one run: the first.

    Raises:
        FlowError: a name in it is unknown, a file is missing, or the choices do not fit together.
    """
    simulators = tools.select(request.simulator)
    record = recording(request.record) if request.record else None
    chosen = configurations().select(request.configuration) if request.configuration else None
    if request.trace and request.test:
        raise FlowError("TRACE and TEST exclude each other: TRACE runs the replay")
    if request.bus not in (None, *BUSES):
        raise unknown("bus", request.bus, BUSES)
    timeout = request.timeout or DEFAULT_TIMEOUT
    jobs: list[tuple[str, str, str | None, Path | None]]  # module, configuration, test, trace
    if request.trace:
        trace = _trace(request.trace)
        names = chosen or [_captured_on(trace)]
        _check_trace(trace, names)
        jobs = [(f"{PACKAGE}.{REPLAY}", name, None, trace) for name in names]
    elif request.test:
        module, test = modules.find(request.test)
        timeout = request.timeout or module.timeout
        jobs = [(module.name, name, test, None) for name in chosen or module.configurations]
        if not request.simulator:
            simulators = [simulator for simulator in simulators if simulator in module.simulators]
    else:
        main, _ = modules.find(MAIN_JOB)
        timeout = request.timeout or main.timeout
        jobs = [(main.name, name, None, None) for name in chosen or configurations().main]
        if not chosen:
            captures = sorted(TRACES.glob("*.csv"))
            jobs += [(f"{PACKAGE}.{REPLAY}", _captured_on(file), None, file) for file in captures]
    if request.limits and not _LIMITS.fullmatch(request.limits):
        raise FlowError(f"limits '{request.limits}' are no numbers by name, such as buffers=2,parts=1")
    simulation = partial(
        Simulation,
        seed=seed,
        waves=request.waves,
        bus=request.bus or BUSES[0],
        timeout=timeout,
        limits=request.limits or None,
    )
    simulations = [
        simulation(simulator, configuration, name, test=test, trace=trace)
        for name, configuration, test, trace in jobs
        for simulator in simulators
    ]
    if not (request.trace or request.test or chosen):  # on designs of their own, which one simulator builds
        one = next((simulator for simulator in simulators if simulator == icarus.NAME), simulators[0])
        others = sorted(TRACES.glob("*/*.csv"))
        simulations += [simulation(one, _captured_on(file), f"{PACKAGE}.{REPLAY}", trace=file) for file in others]
    if not (request.trace or request.test or chosen or request.bus) and rtl_directory() == ROOT / "rtl":
        disk, _ = modules.find(MAIN_DISK)
        one = next((simulator for simulator in simulators if simulator in disk.simulators), simulators[0])
        simulations += [simulation(one, name, disk.name) for name in disk.configurations]
    check(simulations)
    if request.waves:
        for simulator in {simulation.simulator for simulation in simulations}:
            if wanting := tools.missing_for_waves(simulator):
                raise FlowError(wanting)
    return [replace(simulations[0], record=record)] if record else simulations


def check(simulations: list[Simulation]) -> None:
    """See that there is a design for each simulation, before anything starts.

    Raises:
        FlowError: there is none in the folder, or it does not fit.
    """
    for design in dict.fromkeys(simulation.design for simulation in simulations):
        design.sources()


def one(request: Request, seed: int) -> Simulation:
    """The one run that a request for a closer look means: one test or trace, on the first configuration and simulator.

    Raises:
        FlowError: as select(); or neither TEST nor TRACE names one.
    """
    if not request.test and not request.trace:
        raise FlowError(f"name what to look at: TEST=module:test, such as TEST={MAIN_JOB}:Churn, or TRACE=file.csv")
    if request.test:
        module, test = modules.find(request.test)
        known = modules.tests(module.name)
        if not test and len(known) > 1:
            raise FlowError(
                f"{module.short_name} has {len(known)} tests; name one: "
                f"{', '.join(f'TEST={module.short_name}:{name}' for name in known)}"
            )
    simulations = select(request, seed)
    if not request.simulator:  # Verilator's runs are longer and take less time
        simulations.sort(key=lambda simulation: simulation.simulator != "verilator")
    return simulations[0]


def _trace(text: str) -> Path:
    path = Path(text).resolve()
    if not path.is_file():
        known = ", ".join(f"{TRACES.name}/{file.relative_to(TRACES)}" for file in sorted(TRACES.rglob("*.csv")))
        raise FlowError(f"trace '{text}' is not a file; there are: {known}")
    return path


def _captured_on(trace: Path) -> str:
    """The configuration to replay a trace on: its folder's name says so, else it is the one of all other captures."""
    folder = trace.parent
    return (
        folder.name if folder.parent == TRACES and folder.name in configurations().by_name else configurations().traces
    )


def _check_trace(path: Path, names: list[str]) -> None:
    """See that a trace can be replayed on configurations."""
    try:
        trace = TraceFile.read(path)
        for name in names:
            if name in configurations().by_name:
                trace.check(configurations().by_name[name])
    except TraceError as error:
        raise FlowError(str(error)) from None


def recording(text: str) -> Path:
    """The file that RECORD names.

    Raises:
        FlowError: it cannot be written there.
    """
    path = Path(text).resolve()
    if path.is_dir():
        raise FlowError(f"cannot record to '{text}': it is a directory")
    if not path.parent.is_dir():
        raise FlowError(f"cannot record to '{text}': there is no directory {path.parent}")
    return path
