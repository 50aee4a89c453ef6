# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""A stock QEMU whose guest sleeps: its devices are driven by qtest, its messages are seen in its trace."""

import json
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path

from sim.cosim import host_tools
from sim.cosim.meeting_place import socket_folder
from sim.flow import processes
from sim.flow.environment import environment
from sim.flow.errors import FlowError

PROGRAM = "qemu-system-x86_64"
MEASURED = (7, 10)  # major versions that the tables were measured with
DISK_SIZE = 1 << 20  # bytes
_LIMIT = 600  # seconds for all that is done with one QEMU
_PATIENCE = 60  # seconds for one answer
_END = 5  # seconds from the end of its connections to its own
_ROM_SIZE = 1 << 16
_SLEEP = b"\xfa\xf4\xeb\xfc"  # cli; hlt; jmp to the hlt
_ROM_ENTRY = 0xFFF0
_MESSAGE = re.compile(r"apic_deliver_irq dest (\d+) .*?vector (\d+)")
_LOCAL_APIC = 0xFEE0_0000


def version() -> tuple[int, str]:
    """Major version of QEMU, and the version as it says it.

    Raises:
        Unavailable: there is no QEMU, and it cannot be installed.
        FlowError: it does not say its version.
    """
    host_tools.need("qemu-system-x86")
    said = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True, timeout=_PATIENCE).stdout
    found = re.search(r"version ((\d+)\.[\d.]+)", said)
    if not found:
        raise FlowError(f"{PROGRAM} does not say its version")
    return int(found[2]), found[1].rstrip(".")


class QemuEnded(Exception):
    """QEMU ended before it was told to; the text says how."""


class Qemu:
    """Accesses to the machine. Made by running()."""

    def __init__(self, qtest: socket.socket, qmp: socket.socket, trace: Path) -> None:
        self._qtest = qtest.makefile("rw")
        self._qmp = qmp.makefile("rw")
        self._trace = trace
        self._seen = 0
        self._size = DISK_SIZE
        self._qmp.readline()  # the greeting
        self._command("qmp_capabilities")

    def read(self, size: str, address: int) -> int:
        """Read memory or a device's register; *size* is b, w, l or q."""
        return int(self._do(f"read{size} {address:#x}"), 16)

    def write(self, size: str, address: int, value: int) -> None:
        """Write memory or a device's register."""
        self._do(f"write{size} {address:#x} {value:#x}")

    def put(self, address: int, data: bytes) -> None:
        """Write bytes of memory."""
        self._do(f"write {address:#x} {len(data):#x} 0x{data.hex()}")

    def port_in(self, size: str, port: int) -> int:
        """Read an I/O port."""
        return int(self._do(f"in{size} {port:#x}"), 16)

    def port_out(self, size: str, port: int, value: int) -> None:
        """Write an I/O port."""
        self._do(f"out{size} {port:#x} {value:#x}")

    def resize_disk(self) -> None:
        """Give the disk another size, which changes its device's configuration."""
        self._size = DISK_SIZE if self._size != DISK_SIZE else 2 * DISK_SIZE
        self._command("block_resize", device="disk", size=self._size)

    def messages(self) -> list[tuple[int, int]]:
        """(address, data) of all messages that reached a local APIC since the last call."""
        with self._trace.open() as trace:
            trace.seek(self._seen)
            text = trace.read()
            self._seen = trace.tell()
        return [(_LOCAL_APIC | int(cpu) << 12, int(data)) for cpu, data in _MESSAGE.findall(text)]

    def quit(self) -> None:
        """Tell it to end."""
        self._command("quit")

    def _do(self, line: str) -> str:
        self._qtest.write(line + "\n")
        self._qtest.flush()
        while words := self._qtest.readline().split():
            if words[0] == "OK":
                return words[1] if len(words) > 1 else ""
            if words[0] != "IRQ":
                raise FlowError(f"QEMU answers '{line}' with '{' '.join(words)}'")
        raise EOFError

    def _command(self, name: str, **arguments: object) -> None:
        self._qmp.write(json.dumps({"execute": name, "arguments": arguments}) + "\n")
        self._qmp.flush()
        while line := self._qmp.readline():
            answer = json.loads(line)
            if "error" in answer:
                raise FlowError(f"QEMU answers {name} with: {answer['error'].get('desc')}")
            if "return" in answer:
                return
        raise EOFError


@contextmanager
def running(machine: list[str], place: Path) -> Iterator[Qemu]:
    """A QEMU of these options, with a disk "disk" and its files in *place*; both end with the context.

    Raises:
        QemuEnded: it ended early.
        FlowError: it does not connect, or shows no messages.
    """
    with socket_folder(place) as folder:
        (folder / "disk").write_bytes(bytes(DISK_SIZE))
        (folder / "events").write_text("apic_deliver_irq\n")
        trace = folder / "trace"
        trace.touch()
        rom = bytearray(_ROM_SIZE)
        rom[_ROM_ENTRY : _ROM_ENTRY + len(_SLEEP)] = _SLEEP
        (folder / "rom").write_bytes(rom)
        listening = {name: _listen(folder / name) for name in ("qtest", "qmp")}
        command = [
            *(PROGRAM, *machine, "-accel", "tcg", "-bios", folder / "rom", "-m", "64"),
            *("-nodefaults", "-display", "none", "-qtest-log", "none"),
            *("-qtest", f"unix:{folder / 'qtest'}", "-qmp", f"unix:{folder / 'qmp'}"),
            *("-drive", f"if=none,id=disk,format=raw,file={folder / 'disk'}"),
            *("-trace", f"events={folder / 'events'}", "-D", trace),
        ]
        log = folder / "log"
        with processes.pool(1) as pool:
            ending = pool.submit(processes.run, command, log, folder, environment(), _LIMIT)
            try:
                qtest, qmp = (_accept(each, ending) for each in listening.values())
                qemu = Qemu(qtest, qmp, trace)
                _see_one(qemu)
                yield qemu
                qemu.quit()
            except (EOFError, OSError):
                raise QemuEnded(_why(ending, log)) from None
            if ending.result():
                raise QemuEnded(_why(ending, log))


def _listen(path: Path) -> socket.socket:
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(path))
    server.listen(1)
    server.settimeout(0.1)
    return server


def _accept(server: socket.socket, ending: Future) -> socket.socket:
    limit = time.monotonic() + _PATIENCE
    while time.monotonic() < limit:
        try:
            connection, _ = server.accept()
        except TimeoutError:
            if ending.done():
                raise EOFError from None
            continue
        connection.settimeout(_PATIENCE)
        return connection
    raise FlowError(f"QEMU did not connect within {_PATIENCE} s")


def _see_one(qemu: Qemu) -> None:
    """A message of our own must be seen, or none of a device would."""
    address, data = _LOCAL_APIC | 0x5000, 0x77
    qemu.messages()  # of the machine's own start
    qemu.write("l", address, data)
    if qemu.messages() != [(address, data)]:
        raise FlowError(f"{PROGRAM} does not trace messages as text (apic_deliver_irq): nothing can be measured")


def _why(ending: Future, log: Path) -> str:
    """Why QEMU has gone."""
    try:
        status = ending.result(timeout=_END)
    except processes.TimedOut:
        return f"QEMU was killed after {_LIMIT} s"
    except TimeoutError:
        return "QEMU does not answer"
    if status < 0:
        return f"QEMU was killed by {signal.Signals(-status).name}"
    said = log.read_text(errors="replace").strip().splitlines() if log.is_file() else []
    return f"QEMU ended early with status {status}{': ' + said[-1] if said else ''}"
