# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0

"""How many processors may be used: affinity and control groups, not what the machine has."""

import os

import pytest

from sim.flow import cpus
from tests.flow.test_command_line import flow


@pytest.mark.parametrize(
    "files, membership, limit",
    [
        ({}, "0::/", None),
        ({"cpu.max": "max 100000"}, "0::/", None),
        ({"cpu.max": "150000 100000"}, "0::/", 1.5),
        ({"a/b/cpu.max": "max 100000", "a/cpu.max": "200000 100000"}, "0::/a/b", 2),
        ({"a/b/cpu.max": "50000 100000", "a/cpu.max": "200000 100000"}, "0::/a/b", 0.5),
        ({"cpu/x/cpu.cfs_quota_us": "300000", "cpu/x/cpu.cfs_period_us": "100000"}, "4:cpu,cpuacct:/x", 3),
        ({"cpu,cpuacct/cpu.cfs_quota_us": "-1", "cpu,cpuacct/cpu.cfs_period_us": "100000"}, "4:cpu,cpuacct:/", None),
        ({"cpu.max": "nonsense"}, "0::/", None),
        ({}, "nonsense", None),
    ],
)
def test_limit_of_control_groups(tmp_path, files, membership, limit):
    """Both versions, the tightest of all groups above."""
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text + "\n")
    (tmp_path / "membership").write_text(membership + "\n")
    assert cpus.cgroup_limit(tmp_path, tmp_path / "membership") == limit


def test_affinity_counts(monkeypatch):
    """One of many processors; never none."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {3})
    assert cpus.available() == 1
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(64)))
    monkeypatch.setattr(cpus, "cgroup_limit", lambda: 2.5)
    assert cpus.available() == 2
    monkeypatch.setattr(cpus, "cgroup_limit", lambda: 0.5)
    assert cpus.available() == 1


def test_jobs(monkeypatch):
    """What the user says counts more than a command's own limit."""
    monkeypatch.setattr(cpus, "available", lambda: 8)
    assert (cpus.jobs(), cpus.jobs(most=2)) == (8, 2)
    monkeypatch.setattr(cpus, "_chosen", 5)
    assert (cpus.jobs(), cpus.jobs(most=2)) == (5, 5)


@pytest.mark.parametrize(
    "command", ["run", "regress", "test", "lint", "coverage", "formal", "mutation", "syn", "cosim run"]
)
def test_every_command_takes_jobs(command):
    """Seen by what is said about a wrong number."""
    for words in (["--jobs", "none"], ["--jobs=0"]):
        process = flow(*command.split(), *words)
        assert process.returncode == 2
        assert "is not a whole number above 0" in process.stderr


def test_nothing_counts_the_machine_s_processors():
    """Every part of the flow asks cpus.py."""
    from sim.flow.paths import ROOT

    users = [file.name for file in (ROOT / "sim").rglob("*.py") if "cpu_count" in file.read_text()]
    assert users == ["cpus.py"]
