# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Measures in rounds: each subject once a round, one after the other, so that load of the machine hits all of them."""

import json
from collections.abc import Callable

from sim.bench import limit
from sim.bench.subjects import Subject
from sim.flow import environment
from sim.flow.errors import FlowError
from sim.flow.run import Simulation, simulate

MODULE = "sim.bench.simulated"
SIMULATED_FIGURES = "figures.json"  # in the folder of the run

Sample = dict  # count, seconds, cycles; of a duration processor, too: seconds of processor time


def measure(
    simulators: list[str],
    subjects: list[Subject],
    rounds: int,
    seconds: float,
    progress: Callable[[int, str, Subject, float], None],
) -> dict[tuple[str, str], list[Sample]]:
    """Samples of every subject under every simulator, one a round.

    Args:
        simulators, subjects: what to measure.
        rounds: how often.
        seconds: for each measurement.
        progress: called with round, simulator, subject and rate or duration.

    Raises:
        FlowError: one of them failed; the text has the report.
    """
    samples: dict[tuple[str, str], list[Sample]] = {}
    for number in range(1, rounds + 1):
        for simulator in simulators:
            for subject in subjects:
                if simulator not in subject.simulators:
                    continue
                sample = _sample(simulator, subject, seconds)
                samples.setdefault((simulator, subject.name), []).append(sample)
                progress(
                    number,
                    simulator,
                    subject,
                    sample["seconds"] if subject.duration else sample["count"] / sample["seconds"],
                )
    return samples


def _sample(simulator: str, subject: Subject, seconds: float) -> Sample:
    if subject.duration:
        return subject.duration(simulator)
    if subject.plain:
        return subject.plain(seconds)
    if not subject.test:
        return limit.run(limit.build(subject.configuration), seconds, overlap=subject.name == "limit_list")
    simulation = Simulation(simulator, subject.configuration, MODULE, seed=1, test=subject.test, bus=subject.bus)
    with environment.given("BENCH_SECONDS", str(seconds)):
        result = simulate(simulation)
    if result.failures:
        raise FlowError(f"{subject.name} failed under {simulator}\n{result.report()}")
    return json.loads((simulation.directory / SIMULATED_FIGURES).read_text())
