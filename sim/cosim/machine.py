# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""One machine: QEMU with its devices in simulators, from power-on to power-off."""

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from concurrent.futures import Future, wait
from contextlib import suppress
from dataclasses import dataclass, field
from io import BufferedReader
from pathlib import Path

from sim.cosim import root_file_system
from sim.cosim.discovery import discovery_options
from sim.cosim.guests import Boot
from sim.cosim.link import GuestGone
from sim.cosim.machine_device import MachineDevice
from sim.cosim.meeting_place import guest_memory, socket_folder
from sim.cosim.mmio_window import MmioWindow
from sim.cosim.paths import OUTPUT
from sim.cosim.plugin import plugin, version
from sim.cosim.run_plan import RunPlan
from sim.cosim.serial_console import SerialConsole
from sim.flow import environment, processes
from sim.flow.build import build
from sim.flow.errors import FlowError
from sim.flow.locks import exclusive
from sim.flow.run import Result, Simulation, simulate

RESULT = "cosim.json"
SIMULATION_GONE = "the simulation of the device"  # as the plugin says
# Seconds, for a machine that is busy with other work: only what hangs comes near them.
_START = 900  # until every simulation must listen
_LIMIT = 600  # for the guest, as far as this machine has processors for it
_MOST = 1800  # for the guest
_LOOK = 2  # between two looks at it
_END = 120  # for a simulation to end after QEMU has


@dataclass
class Outcome:
    """What came of a run.

    Attributes:
        plan: what was to be run.
        failures: a line each.
        serial: what the guest printed.
        devices: configuration -> what the simulation found, see endpoint_in_machine.py, device_in_machine.py.
        statistics: configuration -> the scoreboard's figures, see tb/cocotbext/virtio/scoreboard/statistics.py.
        windows: where the devices were.
        disk: the image of the root file system, where the guest has one on a disk.
        files: name and MD5 of each file that was in /data at first.
        seconds: from QEMU's start to its end.
        directory: with all logs.
        qemu, kernel: versions of QEMU and, of a guest that is Linux, of the kernel.
    """

    plan: RunPlan
    directory: Path
    windows: list[MmioWindow] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    serial: str = ""
    devices: dict[str, dict] = field(default_factory=dict)
    statistics: dict[str, dict] = field(default_factory=dict)
    disk: Path | None = None
    files: dict[str, str] = field(default_factory=dict)
    seconds: float = 0
    qemu: str = ""
    kernel: str = ""


class Machine:
    """Runs one plan.

    Args:
        plan: what to run.
        boot: what the guest boots.
        simulator: "verilator" or "icarus".
        seed: of everything random.
        waves: dump them, for every device.
        record: file for the register accesses of the first device.
    """

    def __init__(
        self,
        plan: RunPlan,
        boot: Boot,
        simulator: str,
        seed: int,
        waves: bool = False,
        record: Path | None = None,
    ) -> None:
        self._plan = plan
        self._boot = boot
        self._simulations = [
            Simulation(
                simulator,
                name,
                MachineDevice.of(name).module,
                seed,
                waves=waves,
                timeout=_START + _MOST + _END,
                record=record if index == 0 else None,
                bus="bursts" if MachineDevice.of(name).rtl else "signals",
            )
            for index, name in enumerate(plan.configurations)
        ]
        self._qemu: subprocess.Popen | None = None

    def run(self) -> Outcome:
        """Build what is needed, run until the guest powers off, and collect what was found.

        Raises:
            FlowError: it could not be started.
            KeyboardInterrupt: the user stopped it; nothing is left behind.
        """
        with exclusive(OUTPUT / "machine.lock"):  # a machine needs all of this one
            return self._run()

    def _run(self) -> Outcome:
        plan = self._plan
        outcome = Outcome(plan, OUTPUT / plan.name, qemu=version(plan.machine.qemu), kernel=self._boot.kernel)
        shutil.rmtree(outcome.directory, ignore_errors=True)
        outcome.directory.mkdir(parents=True)
        devices = [MachineDevice.of(name) for name in plan.configurations]
        outcome.windows = plan.machine.windows(devices)
        for simulation in self._simulations:  # before the clock starts to run
            build(simulation.simulator, simulation.configuration, simulation.design, simulation.waves)
        if self._boot.busybox:
            outcome.disk = outcome.directory / "disk.img"
            outcome.files = root_file_system.make(outcome.disk, self._boot.busybox, self._simulations[0].seed)
        with guest_memory() as memory, socket_folder(outcome.directory / "sockets") as sockets:
            settings = {
                "sockets": str(sockets),
                "memory": memory,
                "base": plan.machine.memory_base,
                "insists": plan.masks,
                "disk": outcome.disk and str(outcome.disk),
                "typed": self._boot.typed,
                "configurations": {device.key: device.name for device in devices},
            }
            try:
                with (
                    environment.given("COSIM", json.dumps(settings)),
                    processes.pool(len(self._simulations)) as pool,
                ):
                    running = {
                        pool.submit(simulate, simulation): sockets / simulation.configuration
                        for simulation in self._simulations
                    }
                    if _listening(running):
                        self._run_guest(outcome, memory, sockets)
                    for path in running.values():
                        _refuse(path)
                    done, late = wait(running, _END)
                    if late:
                        outcome.failures.append(
                            f"{len(late)} of {len(running)} simulations did not end after the guest"
                        )
                        processes.stop_group()
                    self._collect(outcome, [future.result() for future in running if future in done])
            finally:
                self._kill_qemu()
        return outcome

    def _run_guest(self, outcome: Outcome, memory: str, sockets: Path) -> None:
        plan = self._plan
        machine = plan.machine.command(plan.cpus, memory)
        discovery = discovery_options(plan.machine, machine, outcome.windows, outcome.directory)
        arguments = [str(plugin(plan.machine.qemu)), f"controller={plan.machine.controller}"]
        arguments += [
            f"device={window.address:#x}:{window.size:#x}:{window.interrupt}:{sockets / window.configuration}"
            for window in outcome.windows
        ]
        console = SerialConsole(outcome.directory / "serial.log", self._boot.answers)
        log = outcome.directory / "qemu.log"
        started = time.monotonic()
        with log.open("wb") as errors:
            self._qemu = qemu = subprocess.Popen(
                [
                    *processes.with_us(),
                    *machine,
                    *discovery,
                    *map(str, ("-serial", "stdio", *self._boot.options)),
                    "-plugin",
                    ",".join(arguments),
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                start_new_session=True,
            )
            assert isinstance(qemu.stdout, BufferedReader) and qemu.stdin
            console.start(qemu.stdout, qemu.stdin)
            status = _ended(qemu)
            if status is None:
                self._kill_qemu()
        outcome.seconds = time.monotonic() - started
        outcome.serial = console.text()
        if status is None:
            outcome.failures.append(f"the guest did not power off within {outcome.seconds:.0f} s")
        elif status < 0:
            outcome.failures.append(f"QEMU was killed by {signal.Signals(-status).name}")
        elif status or log.stat().st_size:
            words = log.read_text(errors="replace").strip().splitlines()
            outcome.failures.append(f"QEMU ended early: {(words or [f'exit status {status}'])[-1]}")

    def _collect(self, outcome: Outcome, simulated: list[Result]) -> None:
        """What the simulations found. When QEMU ended early, it says whether one of them was the reason."""
        reasons, outcome.failures = outcome.failures, []
        for result in simulated:
            name = result.simulation.configuration
            target = outcome.directory / name
            directory = result.simulation.directory
            if directory.is_dir():
                shutil.move(directory, target)
            outcome.failures += [
                f"the device {name}: {failure.message}; log: {target / 'log'}"
                for failure in result.failures
                if GuestGone.TEXT not in failure.message
            ]
            if (target / RESULT).is_file():
                outcome.devices[name] = json.loads((target / RESULT).read_text())
            outcome.statistics[name] = result.statistics
        if not outcome.failures or reasons and SIMULATION_GONE not in reasons[0]:
            outcome.failures = reasons

    def _kill_qemu(self) -> None:
        if self._qemu and self._qemu.poll() is None:
            os.killpg(self._qemu.pid, signal.SIGKILL)
            self._qemu.wait()


def _listening(running: dict[Future, Path]) -> bool:
    """Wait until every simulation listens; False when one has ended before."""
    limit = time.monotonic() + _START
    while time.monotonic() < limit:
        if any(future.done() for future in running):
            return False
        if all(path.exists() for path in running.values()):
            return True
        time.sleep(0.02)
    raise FlowError(f"the simulations were not ready within {_START} s")


def _ended(qemu: subprocess.Popen) -> int | None:
    """QEMU's exit status; None when the guest hangs. While our children wait for a processor, its time stands still."""
    started = time.monotonic()
    while True:
        try:
            return qemu.wait(_LOOK)
        except subprocess.TimeoutExpired:
            passed = time.monotonic() - started
            if passed > _MOST or passed - waited() > _LIMIT:
                return None


def waited() -> float:
    """Seconds for which our children could have run and got no processor, so far; 0 where Linux does not say."""
    total = 0.0
    for children in Path("/proc/self/task").glob("*/children"):
        for child in children.read_text().split():
            with suppress(OSError):
                files = Path(f"/proc/{child}/task").glob("*/schedstat")  # of each thread
                total += max((int(file.read_text().split()[1]) / 1e9 for file in files), default=0)
    return total


def _refuse(path: Path) -> None:
    """End a simulation that still waits for QEMU."""
    with suppress(OSError), socket.socket(socket.AF_UNIX) as caller:
        caller.connect(str(path))
