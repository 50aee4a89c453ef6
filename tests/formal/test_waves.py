# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The trace of a cover is a wave that holds the design's signals and the property's own."""

import re

from sim.formal.command import main
from sim.formal.runner import ROOT
from sim.formal.tasks import load_tasks
from sim.formal.waves import covers_of, holds


def test_wave(capsys):
    """One cover of a small module: the file that is named is there, with values that change."""
    assert main(["--waves", "c_drop"]) == 0
    path = re.search(r"gtkwave (\S+\.vcd)", capsys.readouterr().out)[1]
    text = (ROOT / path).read_text()
    signals = set(re.findall(r"\$var \w+ \d+ \S+ (\S+)", text))
    assert {"aclk", "aresetn", "its_drop", "asked", "drop", "pending"} <= signals
    assert re.search(r"\$scope module dut \$end", text)
    assert len(re.findall(r"^#\d+", text, re.MULTILINE)) > 3


def test_unknown_cover(capsys):
    """One line that names those there are."""
    assert main(["--waves", "c_nothing"]) == 1
    assert "no cover is named c_nothing; there are c1_acked" in capsys.readouterr().out


def test_every_cover_is_reached_by_a_task():
    """In the proofs of the endpoint, the covers are named in the tasks; none is left out."""
    tasks = [task for task in load_tasks() if task.mode == "cover"]
    assert [cover for cover in covers_of(tasks) if not any(holds(task, cover) for task in tasks)] == []
