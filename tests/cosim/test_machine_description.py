# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The machines as data: where devices are, how a guest learns of them, and that QEMU can be such a machine."""

import json
import shutil
import socket
import struct
import subprocess
import threading
import time
from pathlib import Path

import pytest

from sim.cosim.acpi_table import acpi_table
from sim.cosim.discovery import discovery_options
from sim.cosim.errors import Unavailable
from sim.cosim.link import GuestGone, Link
from sim.cosim.machine_description import MACHINES, MICROVM, Q35, VIRT
from sim.cosim.machine_device import MachineDevice
from sim.cosim.plans import plans
from sim.cosim.plugin import interface, plugin
from sim.flow.errors import FlowError
from sim.flow.plain_paths import short_folder

LIMIT = 120  # seconds


def devices(*names: str) -> list[MachineDevice]:
    return [MachineDevice.of(name) for name in names]


@pytest.mark.parametrize("machine", MACHINES.values(), ids=MACHINES)
def test_windows_do_not_overlap(machine):
    """Each device has registers, an interrupt and a name of its own."""
    windows = [machine.window(index, 8, str(index), 1 << 13) for index in range(8)]
    for before, after in zip(windows, windows[1:]):
        assert before.address + before.size <= after.address and before.interrupt < after.interrupt
    assert len({window.platform_name for window in windows}) == 8


def test_names_in_the_guest():
    """By address in a device tree, by number in ACPI; microvm's own table has the last transport first."""
    two = devices("disk", "console")
    assert [window.platform_name for window in VIRT.windows(two)] == ["b000000.virtio_mmio", "b010000.virtio_mmio"]
    assert [window.platform_name for window in MICROVM.windows(two)] == ["LNRO0005:01", "LNRO0005:00"]
    assert [window.platform_name for window in Q35.windows(two)] == ["LNRO0005:00", "LNRO0005:01"]


def test_room():
    """A device that does not fit is refused by name; registers that nobody uses may be cut off."""
    (window,) = MICROVM.windows(devices("disk"))
    assert window.size == 0x200
    with pytest.raises(FlowError, match="microvm gives a device 512 bytes; disk_doorbells needs 8192"):
        MICROVM.windows(devices("disk_doorbells"))
    with pytest.raises(FlowError, match="q35 has room for 8 devices, not for 9"):
        Q35.windows(devices("disk") * 9)


def test_every_run_has_room_on_its_machine():
    """No plan needs more than its machine has."""
    for plan in plans(None, None):
        assert len(plan.machine.windows(devices(*plan.configurations))) == len(plan.configurations)


def packages(data: bytes):
    """(operation, content) of each device in a table, read by the rules of ACPI's byte code."""

    def content(position: int) -> tuple[int, int]:
        more = data[position] >> 6
        length = data[position] & (0x3F if more == 0 else 0xF)
        for index in range(more):
            length |= data[position + 1 + index] << 4 + 8 * index
        return position + 1 + more, position + length

    position, end = content(37)
    assert data[36] == 0x10 and data[position : position + 5] == b"\\_SB_" and end == len(data)
    position += 5
    while position < end:
        assert data[position : position + 2] == b"\x5b\x82"
        start, position = content(position + 2)
        yield data[start:position]


@pytest.mark.parametrize("number", [1, 3, 8])
def test_acpi_table(number):
    """Length and checksum are right, and each device has its identity, address and interrupt."""
    windows = [Q35.window(index, number, str(index), 1 << 13) for index in range(number)]
    table = acpi_table(windows)
    assert table[:4] == b"SSDT" and struct.unpack_from("<I", table, 4) == (len(table),) and sum(table) % 256 == 0
    found = list(packages(table))
    assert len(found) == number
    for index, (device, window) in enumerate(zip(found, windows)):
        assert device.startswith(b"VM%02X" % index)
        assert b"_HID\x0dLNRO0005\0" in device
        assert struct.pack("<BHBII", 0x86, 9, 1, window.address, window.size) in device
        assert struct.pack("<BHBBI", 0x89, 6, 1, 1, window.interrupt) in device


@pytest.mark.parametrize(
    "said, wanted",
    [
        ("QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7)", 1),
        ("QEMU emulator version 10.0.2 (Debian 1:10.0.2)", 2),
        ("QEMU emulator version 6.2.0", "QEMU 7 and 10; .* is version 6.2.0"),
        ("what?", "of no known version"),
    ],
)
def test_version_of_qemu(said, wanted, tmp_path):
    """The plugin is for the QEMU that is there; of another version one line says so."""
    program = tmp_path / "qemu"
    program.write_text(f"#!/bin/sh\necho '{said}'\n")
    program.chmod(0o755)
    if isinstance(wanted, int):
        assert interface(str(program)) == wanted
    else:
        with pytest.raises(Unavailable, match=wanted):
            interface(str(program))


class StoppedMachine:
    """QEMU with the plugin and no guest: its CPUs never run. Each window is answered by a thread.

    Args:
        machine: the MachineDescription.
        folder: for files.
    """

    def __init__(self, machine, folder: Path) -> None:
        self.requests: list = []
        memory = folder / "memory"
        with memory.open("wb") as file:
            file.truncate(256 << 20)
        self.windows = machine.windows(devices("disk", "entropy"))
        command = machine.command(2, str(memory))
        sockets = short_folder("cosim-")
        self.threads = []
        for index in range(len(self.windows)):
            path = sockets / str(index)
            self.threads.append(threading.Thread(target=self._serve, args=(path, index), daemon=True))
            self.threads[-1].start()
        arguments = [str(plugin(machine.qemu)), f"controller={machine.controller}"]
        arguments += [
            f"device={window.address:#x}:{window.size:#x}:{window.interrupt}:{sockets / str(index)}"
            for index, window in enumerate(self.windows)
        ]
        while not all((sockets / str(index)).exists() for index in range(len(self.windows))):
            time.sleep(0.01)
        qmp, theirs = socket.socketpair()
        discovery = discovery_options(machine, command, self.windows, folder)
        self.process = subprocess.Popen(
            [*command, *discovery, "-S", "-plugin", ",".join(arguments)]
            + ["-chardev", f"socket,id=qmp,fd={theirs.fileno()}", "-mon", "chardev=qmp,mode=control"],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        theirs.close()
        qmp.settimeout(LIMIT)
        self._qmp = qmp.makefile("rw")
        self._qmp.readline()
        self._ask({"execute": "qmp_capabilities"})
        self._sockets = sockets

    def _serve(self, path: Path, index: int) -> None:
        """Raise the line, answer each read with who answers, and lower the line."""
        link = Link(path, LIMIT)
        try:
            link.set_line(1)
            while not link.ended:
                request = link.request(wait=True)
                if request:
                    self.requests.append((index, request.write, request.offset, request.size))
                    link.set_line(0)
                    link.answer(0x1234_0000 + index)
        except GuestGone:
            pass
        finally:
            link.close()

    def _ask(self, command: dict):
        self._qmp.write(json.dumps(command) + "\n")
        self._qmp.flush()
        while True:
            line = self._qmp.readline()
            assert line, self.process.stdout.read()
            answer = json.loads(line)
            if "return" in answer:
                return answer["return"]
            assert "error" not in answer, answer

    def monitor(self, command: str) -> str:
        """What QEMU's monitor says to a command for people."""
        return self._ask({"execute": "human-monitor-command", "arguments": {"command-line": command}})

    def end(self) -> None:
        self._qmp.write('{"execute": "quit"}\n')
        self._qmp.flush()
        output, _ = self.process.communicate(timeout=LIMIT)
        for thread in self.threads:
            thread.join(LIMIT)
        shutil.rmtree(self._sockets, ignore_errors=True)
        assert (self.process.returncode, output) == (0, "")


@pytest.mark.parametrize("machine", MACHINES.values(), ids=MACHINES)
def test_qemu_is_such_a_machine(machine, tmp_path):
    """QEMU takes the description; each window is where it says, and the interrupt controller has the lines."""
    for program in (machine.qemu, *(["dtc"] if machine is VIRT else [])):
        if not shutil.which(program):
            pytest.skip(f"there is no {program} here")
    stopped = StoppedMachine(machine, tmp_path)
    try:
        for index, window in enumerate(stopped.windows):
            address = window.address + 0x100
            assert stopped.monitor(f"xp /1wx {address:#x}").split()[1] == f"{0x1234_0000 + index:#010x}"
        assert stopped.requests == [(0, False, 0x100, 4), (1, False, 0x100, 4)]
        stopped.end()
    finally:
        stopped.process.kill()
