# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0

"""What a command leaves in build/: files that are whole or absent, and that say when and from which tree they are."""

import json
import os
import subprocess
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from sim.flow.paths import ROOT


@cache
def revision() -> str | None:
    """The tree in git's words, such as "24f0847" or "24f0847-dirty"; None outside a git checkout."""
    command = ["git", "describe", "--always", "--dirty", "--tags"]
    try:
        answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, errors="replace")
    except OSError:
        return None
    return answer.stdout.strip() or None


def now() -> str:
    """The date and time in UTC, as in 2026-01-31T12:00:00+00:00."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def head() -> dict:
    """What every results file begins with: "made" (now()) and "git" (revision())."""
    return {"made": now(), "git": revision()}


def write_text(file: Path, text: str) -> Path:
    """Write a file, whole or not at all, in a folder that is made if need be; return its path.

    Raises:
        OSError: it cannot be written; what was there before is still there.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(f".{file.name[:200]}.{os.getpid()}.new")
    try:
        unfinished.write_text(text, encoding="utf-8", errors="backslashreplace")
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)
    return file


def write_json(file: Path, data: object, indent: int | None = 1) -> Path:
    """Write data as JSON, as write_text() does."""
    return write_text(file, json.dumps(data, indent=indent) + "\n")
