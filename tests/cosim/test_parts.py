# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What a machine is made of, part by part, without starting one."""

import gzip
import lzma
import os
import signal
import subprocess
import sys
import time

import pytest

from sim.cosim import machine
from sim.cosim.archive import Archive
from sim.cosim.errors import Unavailable
from sim.cosim.foreign_packages import BACKPORTS, ForeignPackages
from sim.cosim.linux_files import LinuxFiles
from sim.cosim.serial_console import SerialConsole


def entries(packed: bytes):
    """(name, mode, content) of each entry, read as the kernel does."""
    data, position = gzip.decompress(packed), 0
    while position < len(data):
        assert data[position : position + 6] == b"070701"
        fields = [int(data[position + 6 + 8 * index :][:8], 16) for index in range(13)]
        mode, size, length = fields[1], fields[6], fields[11]
        name = data[position + 110 :][: length - 1].decode()
        position += 110 + length + 3 & ~3
        yield name, mode, data[position : position + size]
        position += size + 3 & ~3


def test_archive():
    """Folders come once, and before what is in them; contents of any length stay what they are."""
    archive = Archive()
    archive.add("init", b"#!")
    archive.add("modules/a.ko", bytes(range(7)), 0o644)
    archive.add("modules/b.ko", b"", 0o644)
    assert archive.packed() == archive.packed()
    assert list(entries(archive.packed())) == [
        ("init", 0o100755, b"#!"),
        ("modules", 0o040755, b""),
        ("modules/a.ko", 0o100644, bytes(range(7))),
        ("modules/b.ko", 0o100644, b""),
        ("TRAILER!!!", 0, b""),
    ]


def test_serial_console(tmp_path):
    """An answer follows its prompt, even one that arrives in pieces, and all that was printed is in the log."""

    class Pieces:
        def __init__(self, *pieces):
            self.pieces = list(pieces)

        def read1(self, size):
            return self.pieces.pop(0) if self.pieces else b""

    class Keyboard(list):
        def write(self, data):
            self.append(data)

        def flush(self):
            pass

    keyboard = Keyboard()
    console = SerialConsole(tmp_path / "log", [("boot", " "), ("\n=> ", "one\n"), ("\n=> ", "two\n"), ("never", "x")])
    console.start(Pieces(b"boo", b"t? 2\r\n", b"=> ", b"one\r\nfour ==> 4\r\n=", b"> "), keyboard)
    assert console.text() == "boot? 2\n=> one\nfour ==> 4\n=> "
    assert keyboard == [b" ", b"one\n", b"two\n"]


@pytest.mark.parametrize(
    "targets, mirror",
    [
        (
            "http://other/apt Other Other \nhttp://mirror/debian Debian Debian /key.gpg\n",
            ("http://mirror/debian", "/key.gpg"),
        ),
        ("http://mirror/debian Debian Debian \n", ("http://mirror/debian", "")),
        ("http://security Debian Debian-Security \n", None),
        ("", None),
    ],
)
def test_mirror_is_the_machines_own(targets, mirror, tmp_path, monkeypatch):
    """The Debian archive that apt uses anyway; without one, a line says so."""
    packages = ForeignPackages(directory=tmp_path)
    monkeypatch.setattr(ForeignPackages, "_run", staticmethod(lambda command, cwd=None: targets))
    if mirror:
        assert packages._mirror() == mirror
    else:
        with pytest.raises(Unavailable, match="apt knows none"):
            packages._mirror()


def test_failing_command_is_one_line():
    """What apt itself names as the error, and nothing else of what it prints."""
    script = "import sys; print('W: hm', 'E: no such package', 'E: more', sep='\\n', file=sys.stderr); sys.exit(100)"
    with pytest.raises(Unavailable, match="failed: E: no such package$"):
        ForeignPackages._run([sys.executable, "-c", script])
    with pytest.raises(Unavailable, match="no-such-program"):
        ForeignPackages._run(["no-such-program"])


def test_a_suite_with_newer_kernels(tmp_path, monkeypatch):
    """Its packages come first, and what it does not have from Debian 12; the release is what its image depends on."""

    def run(command, cwd=None):
        if "indextargets" in command:
            return "http://mirror/debian Debian Debian \n"
        if "depends" in command:
            return "linux-image-cloud-amd64\n  Depends: linux-image-6.12.9+deb12-cloud-amd64\n    dracut\n"
        return "amd64\n"

    monkeypatch.setattr(ForeignPackages, "_run", staticmethod(run))
    packages = ForeignPackages("amd64", tmp_path, BACKPORTS)
    assert packages.kernel_release() == "6.12.9+deb12-cloud-amd64"
    suites = [line.split()[3] for line in (tmp_path / "sources.list").read_text().splitlines()]
    assert suites == ["bookworm", "bookworm-backports"]
    assert f'APT::Default-Release "{BACKPORTS}";' in (tmp_path / "apt.conf").read_text()
    with pytest.raises(Unavailable, match="no linux-image-cloud-amd64 of bookworm-backports"):
        packages.dependency("linux-image-cloud-amd64", "linux-headers-")


def test_waiting_for_a_processor(monkeypatch):
    """Programs on one processor wait for each other. Such time does not count for a guest; that of a sleeper does."""
    monkeypatch.setattr(machine, "_LOOK", 0.05)
    monkeypatch.setattr(machine, "_LIMIT", 0.5)
    processor = str(min(os.sched_getaffinity(0)))
    asleep = subprocess.Popen(["sleep", "60"])
    busy = []
    try:
        before, started = machine.waited(), time.monotonic()
        assert machine._ended(asleep) is None
        assert machine.waited() - before < 0.5 and time.monotonic() - started < 5
        spin = ["taskset", "-c", processor, "sh", "-c", "while :; do :; done"]
        busy = [subprocess.Popen(spin) for _ in range(4)]
        monkeypatch.setattr(machine, "_MOST", 1.5)
        started = time.monotonic()
        assert machine._ended(busy[0]) is None and time.monotonic() - started > 1.4
    finally:
        for each in (*busy, asleep):
            each.kill()
            each.wait()
    assert machine._ended(asleep) == -signal.SIGKILL


def test_packed_and_built_in_modules(tmp_path):
    """A module that is packed is unpacked; one that the kernel has built in is left out."""
    folder = tmp_path / "lib" / "modules" / "6.12" / "kernel"
    folder.mkdir(parents=True)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "busybox").write_bytes(b"busybox")
    (folder / "virtio_blk.ko.xz").write_bytes(lzma.compress(b"block"))
    (folder / "virtio_mmio.ko").write_bytes(b"transport")
    files = LinuxFiles("6.12", tmp_path)
    found = {name: content for name, _, content in entries(files.initramfs(None, [2, 3], ""))}
    modules = {name: content for name, content in found.items() if name.startswith("modules/")}
    assert modules == {"modules/virtio_mmio.ko": b"transport", "modules/virtio_blk.ko": b"block"}
    assert b'FUNCTIONS="virtio_blk virtio_console"' in found["settings"]
    assert b"SUSPENDS=no" in found["settings"]
