# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""A root file system on a disk: made on this machine, used by the guest, looked at again afterwards."""

import hashlib
import random
import shutil
import subprocess
import uuid
from pathlib import Path

from sim.cosim.paths import GUEST
from sim.flow.errors import FlowError

SIZE = 16 << 20  # bytes of the disk
_TOOLS = "/usr/sbin"
_LENGTHS = (1, 511, 4096, 5000, 20000, 65536, 100000, 3)  # bytes of /data/fileN


def make(image: Path, busybox: Path, seed: int) -> dict[str, str]:
    """Write a disk with an ext4 file system on it.

    Args:
        image: the file to write.
        busybox: the guest's programs.
        seed: of the files in /data.

    Returns:
        Name and MD5 of each file in /data.

    Raises:
        FlowError: the file system could not be made.
    """
    rng = random.Random(f"root {seed}")
    tree = image.with_suffix(".tree")
    for folder in ("bin", "sbin", "dev", "proc", "sys", "data"):
        (tree / folder).mkdir(parents=True)
    shutil.copy(busybox, tree / "bin" / "busybox")
    init = tree / "sbin" / "init"
    init.write_bytes((GUEST / "root_init").read_bytes())
    init.chmod(0o755)
    sums = {}
    for number, length in enumerate(_LENGTHS):
        content = rng.randbytes(length)
        (tree / "data" / f"file{number}").write_bytes(content)
        sums[f"file{number}"] = hashlib.md5(content).hexdigest()
    names = uuid.UUID(int=rng.getrandbits(128)), uuid.UUID(int=rng.getrandbits(128))
    with image.open("wb") as file:
        file.truncate(SIZE)
    options = f"-q -F -t ext4 -b 4096 -J size=4 -U {names[0]} -E hash_seed={names[1]},root_owner=0:0".split()
    process = _run("mke2fs", *options, "-d", tree, image)
    if process.returncode:
        raise FlowError(f"mke2fs failed: {(process.stderr.strip().splitlines() or ['no message'])[-1]}")
    shutil.rmtree(tree)
    return sums


def check(image: Path) -> list[str]:
    """What fsck has to say of a disk that was unmounted: nothing, when it is clean."""
    process = _run("e2fsck", "-f", "-n", image)
    if process.returncode == 0:
        return []
    lines = [line for line in process.stdout.splitlines() if line.strip() and not line.startswith("Pass ")]
    return [f"fsck: {line}" for line in lines[:3]] or [f"fsck: exit status {process.returncode}"]


def sums(image: Path) -> dict[str, str]:
    """Name and MD5 of each file in /data."""
    target = image.with_suffix(".data")
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    _run("debugfs", "-R", f"rdump /data {target}", image)
    found = {file.name: hashlib.md5(file.read_bytes()).hexdigest() for file in (target / "data").glob("*")}
    shutil.rmtree(target)
    return found


def _run(program: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [f"{_TOOLS}/{program}", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
