"""A campaign: a sample of the mutants, each killed, proved equivalent, or listed as a survivor.

Writes build/mutation/mutation.json:

    made, tree      date (UTC), and `git describe` of the project
    design          digest of rtl/
    seed, count     of the sample; module: the one that was asked for, or ""
    available       mutants there are
    outcomes        {"killed", "survived", "equivalent", "not built", "open": number}; open ones were not, or not fully, tried yet
    score           killed / (killed + survived); null before any was
    modules         module -> outcomes, as above
    survivors       [{"number", "module", "line", "operator", "original", "mutated", "passed": trials that noticed nothing,
                    "proof": why it is not proved equivalent}]
    mutants         [{"number", "name", "outcome", "by", "seconds"}]: all of the sample, in its order
"""

import json
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from queue import SimpleQueue

from mutation import plan
from mutation.equivalence import prove
from mutation.killer import kill
from mutation.mutants import Mutant, all_mutants, sample
from mutation.records import FOLDER, Records, tests_digest
from sim import processes
from sim.paths import ROOT

OUTCOMES = ("killed", "survived", "equivalent", "not built", "open")
SETTLED = ("killed", "equivalent", "not built")


class Campaign:
    """Tries a sample of mutants.

    Args:
        rtl: folder of the design.
        number: of mutants; seed: of the choice; module: only of this one, if not "".
        everything: let what survives and is not proved equivalent meet all of sim/tests.toml.
        folder: for the files.
    """

    def __init__(self, rtl: Path, number: int, seed: int, module: str = "", everything: bool = True, folder: Path = FOLDER):
        found = [mutant for mutant in all_mutants(rtl) if module in ("", mutant.module)]
        self.available = len(found)
        self.mutants = sample(found, number, seed)
        self.records = Records(rtl, folder)
        self._rtl, self._seed, self._module, self._everything, self._folder = rtl, seed, module, everything, folder
        self._tests = tests_digest()

    def record(self, mutant: Mutant) -> dict | None:
        """What is known of a mutant and still holds: a survivor of other tests is nothing known."""
        record = self.records.get(mutant.name)
        if record and record["outcome"] not in SETTLED:
            same = record["tests"] == self._tests and record["everything"] >= self._everything
            return record if same and record["outcome"] == "survived" else None
        return record

    def run(self, jobs: int, tell: Callable[[int, int, Mutant, dict], None]) -> None:
        """Try all of the sample that is not settled, so many at a time; tell(done, of, mutant, record) after each.

        First each meets the quick tests, which kill most; what is left is proved equivalent or meets the slow ones.
        """
        waiting = [mutant for mutant in self.mutants if self.record(mutant) is None]
        workers: SimpleQueue = SimpleQueue()
        numbers = count()
        done = 0

        def settle(step: Callable[[Mutant, Path], dict], mutant: Mutant) -> dict:
            worker = next(numbers) if workers.empty() else workers.get()
            try:
                record = step(mutant, self._folder / "work" / str(worker))
            finally:
                workers.put(worker)
            self.records.put(mutant.name, record)
            return record

        with ThreadPoolExecutor(jobs) as pool:
            for step in (self._quick, self._slow):
                left = [mutant for mutant in waiting if (self.records.get(mutant.name) or {}).get("outcome") not in SETTLED]
                futures = {pool.submit(settle, step, mutant): mutant for mutant in left}
                try:
                    for future in as_completed(futures):
                        record = future.result()
                        if record["outcome"] != "open":
                            done += 1
                            tell(done, len(waiting), futures[future], record)
                        self.write()
                except BaseException:
                    processes.stop_all()
                    pool.shutdown(cancel_futures=True)
                    raise
        self.write()

    def _quick(self, mutant: Mutant, folder: Path) -> dict:
        old = self.records.get(mutant.name) or {}
        if old.get("tests") == self._tests and old["outcome"] == "open":
            return old
        started = time.monotonic()
        verdict = kill(mutant, self._rtl, folder, plan.quick(mutant.module))
        outcome = verdict.outcome.replace("survived", "open")
        return self._record(started, outcome, verdict.by, verdict.passed, old.get("proof", ""))

    def _slow(self, mutant: Mutant, folder: Path) -> dict:
        old = self.records.get(mutant.name)
        started = time.monotonic() - old["seconds"]
        proof = old["proof"]
        if not proof:
            proved, proof = prove(mutant, self._rtl, folder, plan.proof_configurations())
            if proved:
                return self._record(started, "equivalent", proof, old["passed"], proof)
        trials = plan.slow(mutant.module) + (plan.rest(mutant.module) if self._everything else [])
        verdict = kill(mutant, self._rtl, folder, trials)
        # It has been built before, so not to build in another configuration is to be noticed.
        outcome = verdict.outcome.replace("not built", "killed")
        return self._record(started, outcome, verdict.by, old["passed"] + verdict.passed, proof)

    def _record(self, started: float, outcome: str, by: str, passed: list[str], proof: str) -> dict:
        return {"outcome": outcome, "by": by, "passed": passed, "proof": proof, "tests": self._tests,
                "everything": self._everything, "seconds": round(time.monotonic() - started, 1)}  # fmt: skip

    def summary(self) -> dict:
        """The content of mutation.json."""
        records = [self.record(mutant) or {"outcome": "open"} for mutant in self.mutants]
        modules = sorted({mutant.module for mutant in self.mutants})
        total = _count(records)
        tried = total["killed"] + total["survived"]
        return {
            "made": datetime.now(UTC).isoformat(timespec="seconds"),
            "tree": _tree(),
            "design": self.records.design,
            "seed": self._seed,
            "count": len(self.mutants),
            "module": self._module,
            "available": self.available,
            "outcomes": total,
            "score": total["killed"] / tried if tried else None,
            "modules": {
                name: _count(record for mutant, record in zip(self.mutants, records) if mutant.module == name) for name in modules
            },
            "survivors": [
                {"number": number, "module": mutant.module, "line": mutant.line, "operator": mutant.operator,
                 "original": mutant.original, "mutated": mutant.mutated, "passed": record["passed"], "proof": record["proof"]}
                for number, (mutant, record) in enumerate(zip(self.mutants, records)) if record["outcome"] == "survived"
            ],
            "mutants": [
                {"number": number, "name": mutant.name, "outcome": record["outcome"], "by": record.get("by", ""),
                 "seconds": record.get("seconds", 0)}
                for number, (mutant, record) in enumerate(zip(self.mutants, records))
            ],
        }  # fmt: skip

    def write(self) -> Path:
        """Write mutation.json; returns its path."""
        self._folder.mkdir(parents=True, exist_ok=True)
        file = self._folder / "mutation.json"
        file.write_text(json.dumps(self.summary(), indent=1) + "\n")
        return file


def _count(records) -> dict[str, int]:
    found = Counter(record["outcome"] for record in records)
    return {outcome: found[outcome] for outcome in OUTCOMES}


def _tree() -> str:
    done = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True)
    return done.stdout.strip()
