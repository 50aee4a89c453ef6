# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""results.json: a regression for programs, such as the report.

    {"made": date, "git": description, "run": name of its directory, "directory": path, "seed": first, "seeds":
    number or null,
     "command": request as typed, "complete": bool, "seconds": sum over simulations,
     "simulations": number, "missing": number or null, "passed": tests, "failed": failures, "skipped": tests,
     "buckets": [{"words", "count", "message", "replay", "log", "waves" (path or null), "reproduced" (bool or null)}],
     "runs": [{"simulator", "configuration", "module", "test" (or null), "seed", "seconds", "log",
               "cases": [{"name", "verdict": "passed" | "failed" | "skipped", "seconds"}],
               "failures": [{"test" (or null), "message", "replay"}]}]}

Paths are relative to the project where they lie in it; seconds are wall-clock time.
"""

from dataclasses import asdict
from pathlib import Path

from sim.flow import artifact
from sim.flow.modules import PACKAGE
from sim.flow.paths import ROOT
from sim.flow.run import Result
from sim.regress.buckets import Bucket
from sim.regress.run import Regression
from sim.regress.totals import Totals


def write(regression: Regression, file: Path) -> None:
    """Write the file, whole or not at all."""
    totals = asdict(Totals.of(regression))
    data = {
        "made": artifact.now(),
        "git": regression.header["git"],
        "run": regression.directory.name,
        "directory": _path(regression.directory),
        "seed": regression.header["seed"],
        "seeds": regression.header["rounds"],
        "command": regression.header["request"],
        "complete": regression.complete,
        **totals,
        "buckets": [_bucket(bucket) for bucket in regression.buckets()],
        "runs": [_run(result) for result in regression.results],
    }
    artifact.write_json(file, data)


def _bucket(bucket: Bucket) -> dict:
    result, failure = bucket.shortest
    waves = bucket.second.waves if bucket.second else None
    return {
        "words": bucket.words,
        "count": len(bucket.failures),
        "message": failure.message,
        "replay": bucket.replay,
        "log": _path(result.log),
        "waves": _path(waves if waves and waves.is_file() else None),
        "reproduced": bucket.reproduced,
    }


def _run(result: Result) -> dict:
    simulation = result.simulation
    return {
        "simulator": simulation.simulator,
        "configuration": simulation.configuration,
        "module": simulation.module.removeprefix(PACKAGE + "."),
        "test": simulation.test,
        "seed": simulation.seed,
        "seconds": round(result.seconds, 3),
        "log": _path(result.log),
        "cases": [asdict(case) for case in result.cases],
        "failures": [asdict(failure) | {"replay": simulation.replay(failure.test)} for failure in result.failures],
    }


def _path(path: Path | None) -> str | None:
    if path is None:
        return None
    return str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)
