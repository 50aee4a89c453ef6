# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Runs one check inside the simulator: that of the file which +conformance_job= names."""

import json
import traceback
from pathlib import Path
from typing import Any

import cocotb
from cocotb.triggers import SimTimeoutError, with_timeout
from cocotbext.virtio.conformance import registry
from cocotbext.virtio.conformance.bench import Bench, Blocked, NotCheckable, Stuck
from cocotbext.virtio.conformance.register_bus import NoAnswer
from cocotbext.virtio.conformance.settings import load


@cocotb.test()
async def conformance(dut) -> None:
    """The check."""
    job = json.loads(Path(str(cocotb.plusargs["conformance_job"])).read_text())
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
            await bench.start()
            limit = round(500 * settings.patience * bench.clock.period_ns)
            await with_timeout(_guarded(check, bench, outcome), limit, "ns")
    except SimTimeoutError:
        if bench is not None:
            bench.find(f"the check is not over after {500 * settings.patience} cycles")
    except ValueError as error:  # a port that cannot be what it is called
        outcome["findings"].append({"cycle": None, "text": str(error)})
    if bench is not None:
        outcome["cycles"] = bench.clock.cycle if bench.clock._first_edge else 0
        outcome["ports"] = sorted(bench.ports)
        outcome["findings"] += [{"cycle": noted.cycle, "text": noted.text} for noted in bench.findings]
        if outcome["verdict"] not in ("not checkable", "blocked") or outcome["findings"]:
            outcome["verdict"] = "finding" if outcome["findings"] else "ok" if bench.learnt else "blocked"
            if outcome["verdict"] == "blocked":
                outcome["reason"] = "nothing was compared"
    Path(job["outcome"]).write_text(json.dumps(outcome))


async def _guarded(check, bench: Bench, outcome: dict) -> None:
    try:
        await check.run(bench)
    except NotCheckable as error:
        outcome.update(verdict="not checkable", reason=str(error))
    except Blocked as error:
        outcome.update(verdict="blocked", reason=str(error))
    except Stuck:
        pass
    except NoAnswer as error:
        bench.find(str(error))
    except Exception as error:  # what a device does must not end the suite
        cocotb.log.error("%s", traceback.format_exc())
        where = traceback.extract_tb(error.__traceback__)[-1]
        bench.find(
            f"the check met what it did not expect: {type(error).__name__}: {error} "
            f"({Path(where.filename).name}:{where.lineno})"
        )
