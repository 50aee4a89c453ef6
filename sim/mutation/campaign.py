# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""A campaign: a sample of the mutants, each killed, proved equivalent, or listed as a survivor.

Writes build/mutation/mutation.json, for the virtqueue engine build/mutation/engine/mutation.json:

    made, git       date (UTC), and `git describe` of the project
    design          digest of rtl/
    seed, count     of the sample; module: those that were asked for, with commas between them, or ""
    available       mutants there are
    outcomes        {"killed", "survived", "equivalent", "not built", "open": number}; open ones were not, or not
                    fully, tried yet
    score           killed / (killed + survived); null before any was
    by_proofs       how many of the killed no simulation notices, but a proof task of formal/
    modules         module -> outcomes, as above
    survivors       [{"number", "module", "line", "operator", "original", "mutated", "passed": trials that noticed
                    nothing,
                    "unseen": how many trials in which it never differs at the ports (replay.py),
                    "proof": why it is not proved equivalent}]
    mutants         [{"number", "name", "outcome", "by", "seconds"}]: all of the sample, in its order
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from sim.flow import artifact, processes, tools
from sim.mutation import plan, proofs
from sim.mutation.equivalence import prove
from sim.mutation.mutants import Mutant, all_mutants, sample
from sim.mutation.records import FOLDER, Records, testbench_digest, tests_digest, text_digest
from sim.mutation.replay import Replay
from sim.mutation.run_tests import kill, kill_many

OUTCOMES = ("killed", "survived", "equivalent", "not built", "open")
SETTLED = ("killed", "equivalent", "not built")
_PART = 8  # mutants that one simulation forks for; an interrupted campaign has lost no more than these
_FEW = 3  # trials of a mutant on its own, before a proof is tried


class Campaign:
    """Tries a sample of mutants.

    Args:
        rtl: folder of the design.
        number: of mutants; seed: of the choice; module: only of these, with commas between them, if not "".
        everything: let what survives and is not proved equivalent meet all of sim/tests.toml.
        engine: mutate the virtqueue engine, not the endpoint.
        folder: for the files.
    """

    def __init__(
        self,
        rtl: Path,
        number: int,
        seed: int,
        module: str = "",
        everything: bool = True,
        engine: bool = False,
        folder: Path | None = None,
    ) -> None:
        wanted = module.split(",")
        found = [mutant for mutant in all_mutants(rtl, engine) if not module or mutant.module in wanted]
        self.available = len(found)
        self.mutants = sample(found, number, seed)
        folder = folder or (FOLDER / "engine" if engine else FOLDER)
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

        First each meets the quick tests, which kill most. What shows nowhere at the ports is proved equivalent, if
        it is. The rest meets
        the slow tests, and what survives all of them the proof tasks. Of all tests a mutant meets those in which it
        shows.
        """
        sample = dict(enumerate(self.mutants))
        waiting = {number for number, mutant in sample.items() if self.record(mutant) is None}
        done = 0

        def keep(number: int, record: dict) -> None:
            nonlocal done
            self.records.put(sample[number].name, record)
            if record["outcome"] != "open":
                done += 1
                tell(done, len(waiting), sample[number], record)

        def left() -> dict[int, Mutant]:
            return {
                number: sample[number] for number in sorted(waiting) if self._open(sample[number])["outcome"] == "open"
            }

        with processes.pool(jobs) as pool:
            self._pool, self._keep = pool, keep
            if left():  # when it is about most of them, at all of the sample: so, interrupted, it need not look again
                shown = self._look(sample if 2 * len(left()) > len(sample) else left(), plan.quick)
                for mutants in self._by_module(left()):
                    self._meet(mutants, plan.quick, shown)
            shown = self._look(left(), self._later)
            self._prove(
                {
                    number: mutant
                    for number, mutant in left().items()
                    if not self._open(mutant)["proof"] and not shown.get(number)
                }
            )
            for mutants in self._by_module(left()):
                self._meet(mutants, self._later, shown)
            if self._everything:
                self._meet_proofs(left())
            for number, mutant in left().items():
                keep(number, self._open(mutant) | {"outcome": "survived"})
        self.write()

    def _by_module(self, mutants: dict[int, Mutant]) -> list[dict[int, Mutant]]:
        """Those of one module after the other, in the order in which modules were asked for."""
        modules = [*self._module.split(","), *sorted({mutant.module for mutant in mutants.values()})]
        parts = (
            {number: mutant for number, mutant in mutants.items() if mutant.module == module}
            for module in dict.fromkeys(modules)
        )
        return [part for part in parts if part]

    def _open(self, mutant: Mutant) -> dict:
        """The record of a mutant, or that of one of which nothing is known with these tests."""
        record = self.records.get(mutant.name) or {}
        if (
            record.get("outcome") in SETTLED
            or record.get("tests") == self._tests
            and record.get("everything") == self._everything
        ):
            return record
        return {
            "outcome": "open",
            "by": "",
            "passed": [],
            "unseen": [],
            "proof": record.get("proof", ""),
            "tests": self._tests,
            "everything": self._everything,
            "seconds": 0,
        }

    def _later(self, module: str) -> list[plan.Trial]:
        return plan.slow(module) + (plan.rest(module) if self._everything else [])

    def _look(self, mutants: dict[int, Mutant], plans: Callable) -> dict[int, set[plan.Trial]]:
        """In which trials the mutants that can be chosen in one design show.

        Remembers the designs in self._replays.
        """
        self._replays = {}
        if tools.missing("verilator") or not mutants:
            return {}
        groups: dict[str, list] = {}
        for trial in dict.fromkeys(
            trial for module in sorted({mutant.module for mutant in mutants.values()}) for trial in plans(module)
        ):
            groups.setdefault(trial.configuration, []).append(trial)
        place = self._folder / "replay" / text_digest(self.records.design, testbench_digest())
        names = text_digest(*(f"{number} {mutant.name}" for number, mutant in mutants.items()))

        def differences(configuration: str) -> tuple[Replay, dict]:
            replay = Replay(self._rtl, mutants, configuration, place / f"{configuration}-{names}")
            return replay, replay.differences(groups[configuration])

        seen: dict[int, set[plan.Trial]] = {}
        for replay, found in self._pool.map(differences, groups):
            self._replays[replay.configuration] = replay
            for number, cycles in found.items():
                seen.setdefault(number, set()).update(cycles)
        return seen

    def _meet(self, mutants: dict[int, Mutant], plans: Callable, shown: dict[int, set[plan.Trial]]) -> None:
        """Let mutants meet the trials in which they show, in the plan's order, until they are killed."""
        queues = {}
        for number, mutant in mutants.items():
            if number in shown:
                record, wanted = self._open(mutant), plans(mutant.module)
                seen = shown[number]
                queues[number] = [trial for trial in wanted if trial in seen and str(trial) not in record["passed"]]
                unseen = {str(trial) for trial in wanted if trial not in seen}
                self._keep(number, record | {"unseen": sorted({*record["unseen"], *unseen})})
        while queues := {number: queue for number, queue in queues.items() if queue}:
            groups: dict[plan.Trial, list[int]] = {}
            for number, queue in queues.items():
                groups.setdefault(queue.pop(0), []).append(number)
            parts = [
                (trial, numbers[at : at + _PART])
                for trial, numbers in groups.items()
                for at in range(0, len(numbers), _PART)
            ]
            for killed in self._pool.map(lambda part: self._together(*part), parts):
                for number in killed:
                    del queues[number]
            self.write()
        self._each(
            lambda number, mutant: self._alone(number, mutant, plans(mutant.module)),
            {number: mutant for number, mutant in mutants.items() if number not in shown},
        )

    def _together(self, trial: plan.Trial, numbers: list[int]) -> list[int]:
        """Run a trial on mutants in one design; returns those killed."""
        started = time.monotonic()
        reasons = kill_many(numbers, self._replays[trial.configuration], trial, self._place())
        seconds = (time.monotonic() - started) / len(numbers)
        for number, reason in reasons.items():
            record = self._open(self.mutants[number])
            changed = {"outcome": "killed", "by": reason} if reason else {"passed": [*record["passed"], str(trial)]}
            self._keep(number, record | changed | {"seconds": round(record["seconds"] + seconds, 1)})
        return [number for number, reason in reasons.items() if reason]

    def _alone(self, number: int, mutant: Mutant, trials: list[plan.Trial]) -> None:
        """Run trials on a mutant that cannot be chosen in a design with others; after the first few, try to prove it
        equivalent."""
        self._run_alone(number, mutant, trials[:_FEW])
        if self._open(mutant)["outcome"] == "open" and not self._open(mutant)["proof"]:
            self._prove_one(number, mutant, elaboration=True)
        if self._open(mutant)["outcome"] == "open":
            self._run_alone(number, mutant, trials)

    def _run_alone(self, number: int, mutant: Mutant, trials: list[plan.Trial]) -> None:
        record, started = self._open(mutant), time.monotonic()
        verdict = kill(
            mutant, self._rtl, self._place(), [trial for trial in trials if str(trial) not in record["passed"]]
        )
        outcome = verdict.outcome.replace("survived", "open")
        if record["passed"]:  # it has been built before, so not to build in another configuration is to be noticed
            outcome = outcome.replace("not built", "killed")
        self._keep(
            number,
            record
            | {
                "outcome": outcome,
                "by": verdict.by,
                "passed": record["passed"] + verdict.passed,
                "seconds": round(record["seconds"] + time.monotonic() - started, 1),
            },
        )

    def _prove(self, mutants: dict[int, Mutant]) -> None:
        """Prove mutants equivalent. What is not meets tests as it is, for unknown values, which no replay has."""

        def settle(number: int, mutant: Mutant) -> None:
            self._prove_one(
                number, mutant, elaboration=not any(number in replay.numbers for replay in self._replays.values())
            )
            record = self._open(mutant)
            if record["outcome"] == "open" and not record["passed"]:
                self._run_alone(number, mutant, plan.quick(mutant.module)[:_FEW])

        self._each(settle, mutants)

    def _each(self, settle: Callable[[int, Mutant], None], mutants: dict[int, Mutant]) -> None:
        """Settle mutants, so many at a time."""
        for future in [self._pool.submit(settle, number, mutant) for number, mutant in mutants.items()]:
            future.result()
        self.write()

    def _prove_one(self, number: int, mutant: Mutant, elaboration: bool) -> None:
        record, started = self._open(mutant), time.monotonic()
        proved, proof = prove(mutant, self._rtl, self._place(), plan.proof_configurations(mutant.module, elaboration))
        outcome, by = ("equivalent", proof) if proved else ("open", "")
        self._keep(
            number,
            record
            | {
                "outcome": outcome,
                "by": by,
                "proof": proof,
                "seconds": round(record["seconds"] + time.monotonic() - started, 1),
            },
        )

    def _meet_proofs(self, mutants: dict[int, Mutant]) -> None:
        """Let mutants meet the proof tasks."""

        def settle(number: int, mutant: Mutant) -> None:
            record, started = self._open(mutant), time.monotonic()
            by = proofs.fail(mutant, self._rtl, self._place())
            self._keep(
                number,
                record
                | {
                    "outcome": "killed" if by else "open",
                    "by": by,
                    "by_proof": bool(by),
                    "seconds": round(record["seconds"] + time.monotonic() - started, 1),
                },
            )

        if mutants:
            proofs.make_ready()
        self._each(settle, mutants)

    def _place(self) -> Path:
        """A folder for this thread's files."""
        return (self._folder / "work" / str(threading.get_ident())).absolute()

    def summary(self) -> dict:
        """The content of mutation.json."""
        records = [self.record(mutant) or {"outcome": "open"} for mutant in self.mutants]
        modules = sorted({mutant.module for mutant in self.mutants})
        total = _count(records)
        tried = total["killed"] + total["survived"]
        return {
            **artifact.head(),
            "design": self.records.design,
            "seed": self._seed,
            "count": len(self.mutants),
            "module": self._module,
            "available": self.available,
            "outcomes": total,
            "score": total["killed"] / tried if tried else None,
            "by_proofs": sum(record.get("by_proof", False) for record in records),
            "modules": {
                name: _count(record for mutant, record in zip(self.mutants, records) if mutant.module == name)
                for name in modules
            },
            "survivors": [
                {
                    "number": number,
                    "module": mutant.module,
                    "line": mutant.line,
                    "operator": mutant.operator,
                    "original": mutant.original,
                    "mutated": mutant.mutated,
                    "passed": record["passed"],
                    "unseen": len(record["unseen"]),
                    "proof": record["proof"],
                }
                for number, (mutant, record) in enumerate(zip(self.mutants, records))
                if record["outcome"] == "survived"
            ],
            "mutants": [
                {
                    "number": number,
                    "name": mutant.name,
                    "outcome": record["outcome"],
                    "by": record.get("by", ""),
                    "seconds": record.get("seconds", 0),
                }
                for number, (mutant, record) in enumerate(zip(self.mutants, records))
            ],
        }

    def write(self) -> Path:
        """Write mutation.json; returns its path."""
        return artifact.write_json(self._folder / "mutation.json", self.summary())


def _count(records: Iterable[dict]) -> dict[str, int]:
    found = Counter(record["outcome"] for record in records)
    return {outcome: found[outcome] for outcome in OUTCOMES}
