# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Runs checks inside the simulator.

+conformance_job= names the file of one check. +conformance_jobs= names two descriptors: names of such files come from
the first, and each check is a fork of this process; its number and its exit status go to the second.
"""

import ctypes
import json
import os
import sys
import traceback
from pathlib import Path
from typing import Any

import cocotb
from cocotb.triggers import SimTimeoutError, with_timeout
from cocotbext.virtio.conformance import registry
from cocotbext.virtio.conformance.bench import Bench, Blocked, NotCheckable, Stuck
from cocotbext.virtio.conformance.register_bus import NoAnswer
from cocotbext.virtio.conformance.settings import load
from cocotbext.virtio.handles import Dut
from cocotbext.virtio.rings import QueueFull, RingViolation


@cocotb.test()
async def conformance(dut: Dut) -> None:
    """The check."""
    forked = "conformance_jobs" in cocotb.plusargs
    file = Path(_next_job() if forked else str(cocotb.plusargs["conformance_job"]))
    job = json.loads(file.read_text())
    settings = load(Path(job["file"]))
    check = registry.checks()[job["check"]]
    outcome: dict[str, Any] = {"verdict": "finding", "findings": [], "reason": "", "cycles": 0}
    bench = None
    try:
        bench = Bench(dut, settings, job["seed"])
        missing = [port for port in check.ports if port not in bench.ports]
        if check.classes and settings.device_class not in check.classes:
            outcome.update(verdict="not checkable", reason=f"is about class {', '.join(check.classes)}")
        elif missing:
            outcome.update(verdict="not checkable", reason=f"needs {', '.join(missing)}")
        else:
            await bench.start(Path(job["run_log"]) if job.get("run_log") else None)
            limit = round(500 * settings.patience * bench.clock.period_ns)
            await with_timeout(_guarded(check, bench, outcome), limit, "ns")
    except SimTimeoutError:
        if bench is not None:
            bench.find(f"the check is not over after {500 * settings.patience} cycles")
    except ValueError as error:
        outcome["unusable"] = str(error)
    if bench is not None:
        outcome["cycles"] = bench.clock.cycle if bench.clock._first_edge else 0
        outcome["ports"] = sorted(bench.ports)
        outcome["findings"] += [{"cycle": noted.cycle, "text": noted.text} for noted in bench.findings]
        if outcome["verdict"] not in ("not checkable", "blocked") or outcome["findings"]:
            outcome["verdict"] = "finding" if outcome["findings"] else "ok" if bench.learnt else "blocked"
            if outcome["verdict"] == "blocked":
                outcome["reason"] = "nothing was compared"
    Path(job["outcome"]).write_text(json.dumps(outcome))
    if forked:
        _flush()
        os._exit(0)


def _next_job() -> str:
    """Wait for jobs; returns in the fork that is to do one."""
    orders, answers = map(int, str(cocotb.plusargs["conformance_jobs"]).split(","))
    registry.checks()
    with os.fdopen(orders) as files, os.fdopen(answers, "w") as out:
        for line in files:
            _flush()
            child = os.fork()
            if not child:
                file = line.strip()
                os.chdir(Path(file).parent)
                log = os.open("log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
                os.dup2(log, 1)
                os.dup2(log, 2)
                return file
            print(child, file=out, flush=True)
            _, status = os.waitpid(child, 0)
            print(os.waitstatus_to_exitcode(status), file=out, flush=True)
    os._exit(0)


def _flush() -> None:
    """What Python and the simulator have printed is in the file, and not printed again by a fork."""
    sys.stdout.flush()
    sys.stderr.flush()
    ctypes.CDLL(None).fflush(None)


async def _guarded(check: registry.Check, bench: Bench, outcome: dict[str, Any]) -> None:
    try:
        await check.run(bench)
    except NotCheckable as error:
        outcome.update(verdict="not checkable", reason=str(error))
    except Blocked as error:
        outcome.update(verdict="blocked", reason=str(error))
    except QueueFull as error:
        outcome.update(verdict="not checkable", reason=f"the queue is too small: {error}")
    except Stuck:
        pass
    except (NoAnswer, RingViolation) as error:
        bench.find(str(error))
    except Exception as error:  # what a device does must not end the suite
        cocotb.log.error("%s", traceback.format_exc())
        where = traceback.extract_tb(error.__traceback__)[-1]
        bench.find(
            f"the check met what it did not expect: {type(error).__name__}: {error} "
            f"({Path(where.filename).name}:{where.lineno})"
        )
