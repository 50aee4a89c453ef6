# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""`make cosim DUT=my_disk.toml`: anybody's device, as the conformance suite takes it, under stock U-Boot and Linux."""

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

from cocotbext.virtio.conformance import builder, settings
from rich.markup import escape

from sim.cosim import host_tools
from sim.cosim.errors import Unavailable
from sim.cosim.foreign_packages import ForeignPackages
from sim.cosim.guest_report import GuestReport
from sim.cosim.guests import LINUX, UBOOT, Boot
from sim.cosim.linux_files import LinuxFiles
from sim.cosim.machine import RESULT, Machine, Outcome
from sim.cosim.machine_description import VIRT
from sim.cosim.meeting_place import guest_memory, socket_folder
from sim.cosim.paths import CACHE, OUTPUT, U_BOOT
from sim.cosim.run_plan import RunPlan
from sim.flow import processes, selection
from sim.flow.console import console as make_console
from sim.flow.errors import FlowError, unknown
from sim.flow.locks import exclusive

MODULE = "sim.cosim.foreign_in_machine"
SECTORS = 8  # that U-Boot reads
LOAD_ADDRESS = 0x4200_0000
_START, _END = 60, 60  # seconds for a simulation to listen, and to end after QEMU has
_PROMPT = "\n=> "
_ARGUMENTS = f"console={VIRT.serial} quiet panic=-1 oops=panic rdinit=/init"
# class -> what the guest has to say, see sw/guest/foreign_init
_SAYS = {
    "blk": {"write": "0", "kept": "yes", "steady": "yes", "kept_over_reload": "yes"},
    "rng": {"random": "yes"},
    "console": {"printed": "yes"},
    "net": {},
}


def run(options: argparse.Namespace) -> int:
    """Run the guests on the device; returns the exit status."""
    console = make_console(width=170)
    try:
        device = settings.load(Path(options.dut))
    except settings.SettingsError as error:
        raise FlowError(str(error)) from error
    if device.rings != "rtl" or device.device_class not in _SAYS:
        raise FlowError(f"{options.dut}: a machine needs a device with rings in RTL, of class {', '.join(_SAYS)}")
    names = [UBOOT, LINUX] if device.device_class == "blk" else [LINUX]
    if options.guest:
        if options.guest not in names:
            raise unknown("guest", options.guest, names)
        names = [options.guest]
    simulator = options.sim or device.simulators[-1]
    if simulator not in device.simulators:
        raise FlowError(f"SIM={simulator}: {options.dut} names {', '.join(device.simulators)}")
    seed = selection.seed(options.seed)
    failed, ran = 0, 0
    for guest in names:
        try:
            boot = _boot(guest, device, ForeignPackages(suite=options.kernel))
        except Unavailable as error:
            console.print(f"Without {guest}: {escape(str(error))}", highlight=False, soft_wrap=True)
            continue
        outcome, found = _ForeignMachine(device, guest, boot, simulator, seed, options.waves).serve_guest()
        problems = _problems(device, guest, outcome, found)
        ran, failed = ran + 1, failed + bool(problems)
        word = "[red]FAILED[/red]" if problems else "[green]passed[/green]"
        figures = (
            f"{found['accesses']} register accesses, {found['beats']} beats of memory, {found['line']} interrupts, "
            f"{found['cycles']} cycles"
            if found
            else "no result of the simulation"
        )
        console.print(f"{word} {device.name} under {guest}: {figures} ({outcome.seconds:.1f} s)", highlight=False)
        for problem in problems:
            console.print(f"  {escape(problem)}", highlight=False, soft_wrap=True)
        if problems:
            command = f"make cosim DUT={options.dut} GUEST={guest} SIM={simulator} SEED={seed} WAVES=1"
            console.print(f"  logs:   {outcome.directory}\n  replay: {command}", highlight=False, soft_wrap=True)
    if not ran:
        return 2
    console.print("FAILED" if failed else "all passed", highlight=False)
    return int(bool(failed))


def _boot(guest: str, device: settings.Settings, packages: ForeignPackages) -> Boot:
    """What the guest boots.

    Raises:
        Unavailable: something cannot be had.
    """
    host_tools.need(*VIRT.packages, "gcc")
    if guest == UBOOT:
        host_tools.need("u-boot-qemu")
        commands = (
            "virtio scan",
            "virtio info",
            f"virtio read {LOAD_ADDRESS:x} 0 {SECTORS:x}",
            f"crc32 {LOAD_ADDRESS:x} {SECTORS * 512:x}",
            "poweroff",
        )
        return Boot(["-bios", U_BOOT], [("stop autoboot", " "), *((_PROMPT, f"{command}\n") for command in commands)])
    assert device.device_id is not None, "class none has been refused"
    files = LinuxFiles.get(packages)
    initramfs = Path(CACHE / f"initramfs-foreign-{device.device_class}")
    initramfs.write_bytes(files.foreign_initramfs(device.device_id))
    return Boot(["-kernel", files.kernel, "-initrd", initramfs, "-append", _ARGUMENTS])


class _ForeignMachine(Machine):
    """A machine with one device that the conformance suite builds."""

    def __init__(self, device: settings.Settings, guest: str, boot: Boot, simulator: str, seed: int, waves: bool):
        self._device, self._simulator, self._seed, self._waves = device, simulator, seed, waves
        self._boot, self._qemu = boot, None
        name = re.sub(r"[^\w.-]+", "_", device.name)
        self._name = name
        self._plan = RunPlan(guest, f"dut-{name}-{guest}", (name,))

    def serve_guest(self) -> tuple[Outcome, dict[str, Any] | None]:
        """Build the device and run the guest; returns the Outcome, and what the simulation found or None."""
        with exclusive(OUTPUT / "machine.lock"):
            return self._run_foreign()

    def _run_foreign(self) -> tuple[Outcome, dict[str, Any] | None]:
        outcome = Outcome(self._plan, OUTPUT / self._plan.name)
        folder = outcome.directory / "device"
        shutil.rmtree(outcome.directory, ignore_errors=True)
        folder.mkdir(parents=True)
        outcome.windows = [VIRT.window(0, 1, self._name, max(0x200, 1 << self._device.address_bits))]
        place = OUTPUT / f"built-{self._name}-{self._simulator}{'-waves' if self._waves else ''}"
        try:
            program = builder.build(self._device, self._simulator, place.resolve(), self._waves)
        except (builder.BuildError, settings.SettingsError) as error:
            raise FlowError(str(error)) from error
        with guest_memory() as memory, socket_folder(outcome.directory / "sockets") as sockets:
            self._run_with(program, outcome, folder, memory, sockets)
        result = folder / RESULT
        return outcome, json.loads(result.read_text()) if result.is_file() else None

    def _run_with(self, program: Path, outcome: Outcome, folder: Path, memory: str, sockets: Path) -> None:
        """Start the simulation in *folder*, run the guest, and see both end."""
        simulation = None
        described = {
            "device": str(self._device.file),
            "socket": str(sockets / self._name),
            "memory": memory,
            "base": VIRT.memory_base,
            "watch": [LOAD_ADDRESS, SECTORS * 512],
        }
        variables = builder.environment(self._device, self._simulator, self._seed, folder, MODULE)
        try:
            with (folder / "log").open("w") as log:
                simulation = subprocess.Popen(
                    [
                        *processes.with_us(),
                        *builder.command(self._device, self._simulator, program, self._seed, folder, self._waves),
                    ],
                    cwd=folder,
                    env=variables | {"COSIM": json.dumps(described)},
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            if self._listens(simulation, sockets / self._name):
                self._run_guest(outcome, memory, sockets)
                try:
                    simulation.wait(_END)
                except subprocess.TimeoutExpired:
                    outcome.failures.append("the simulation did not end after the guest")
            else:
                outcome.failures.append(f"the simulation does not start; see {folder / 'log'}")
        finally:
            self._kill_qemu()
            if simulation is not None and simulation.poll() is None:
                os.killpg(simulation.pid, signal.SIGKILL)
                simulation.wait()

    @staticmethod
    def _listens(simulation: subprocess.Popen, path: Path) -> bool:
        limit = time.monotonic() + _START
        while time.monotonic() < limit and simulation.poll() is None:
            if path.exists():
                return True
            time.sleep(0.02)
        return False


def _problems(device: settings.Settings, guest: str, outcome: Outcome, found: dict | None) -> list[str]:
    """What is wrong, a line each."""
    problems = list(outcome.failures)
    if found is None:
        return problems or ["the simulation left no result"]
    problems += [f"cycle {cycle}: {text}" for cycle, text in found["broken"]]
    serial = outcome.serial.replace("\r", "")
    if guest == UBOOT:
        capacity = re.search(r"Capacity: .*\((\d+) x (\d+)\)", serial)
        read = re.search(r"(\d+) blocks read: (\w+)", serial)
        crc = re.search(r"==> ([0-9a-f]{8})", serial)
        if not capacity:
            problems.append("U-Boot finds no disk")
        elif not read or read.groups() != (str(SECTORS), "OK"):
            problems.append(f"U-Boot cannot read {SECTORS} sectors: {read[0] if read else 'no answer'}")
        elif not crc or crc[1] != found["crc"]:
            problems.append(f"U-Boot reads CRC {crc[1] if crc else 'none'}, the device has written {found['crc']}")
        return problems
    said = GuestReport.read(serial).values
    for name, wanted in _SAYS[device.device_class].items():
        if said.get(name) != wanted:
            problems.append(f"the guest says {name} = {said.get(name, 'nothing')}, not {wanted}")
    if device.device_class == "net" and not int(said.get("sent", "0")):
        problems.append("the guest has sent no frame")
    if "done" not in said:
        last = ([line for line in serial.splitlines() if line.strip()] or ["nothing"])[-1]
        problems.append(f"the guest ended before it was done; its last words: {last}")
    return problems
