# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0

"""How many processors this process may use, and how many jobs run at a time."""

import os
from pathlib import Path

_CGROUPS = Path("/sys/fs/cgroup")
_MEMBERSHIP = Path("/proc/self/cgroup")

_chosen: int | None = None


def available() -> int:
    """Processors that this process may use, at least 1: its affinity, and the limits of its control groups."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    limit = cgroup_limit()
    return max(1, min(allowed, int(limit) if limit else allowed))


def jobs(most: int | None = None) -> int:
    """How many things run at a time: what choose() said, or one a processor, but not more than `most`."""
    return _chosen or min(available(), most or available())


def chosen() -> int | None:
    """What choose() said."""
    return _chosen


def choose(number: int | None) -> None:
    """From now on jobs() is this number; None for one a processor."""
    global _chosen
    _chosen = number


def cgroup_limit(cgroups: Path = _CGROUPS, membership: Path = _MEMBERSHIP) -> float | None:
    """The tightest limit on processors of this process's control groups and those above; None without one.

    Version 2 has the limit in cpu.max, as "quota period"; version 1 in cpu.cfs_quota_us and cpu.cfs_period_us.
    """
    try:
        entries = [line.split(":", 2) for line in membership.read_text().splitlines()]
    except OSError:
        entries = []
    found = []
    root: Path | None
    for number, controllers, path in (entry for entry in entries if len(entry) == 3):
        if number == "0":
            root, read = cgroups, _version_2
        elif "cpu" in controllers.split(","):
            root, read = (
                next((cgroups / name for name in (controllers, "cpu") if (cgroups / name).is_dir()), None),
                _version_1,
            )
        else:
            continue
        if root is None:
            continue
        folder = root / path.lstrip("/")
        for each in (folder, *folder.parents):
            if each.is_relative_to(root):
                found.append(read(each))
    return min((limit for limit in found if limit), default=None)


def _version_2(folder: Path) -> float | None:
    try:
        quota, period = (folder / "cpu.max").read_text().split()
        return None if quota == "max" else int(quota) / int(period)
    except (OSError, ValueError, ZeroDivisionError):
        return None


def _version_1(folder: Path) -> float | None:
    try:
        quota = int((folder / "cpu.cfs_quota_us").read_text())
        return quota / int((folder / "cpu.cfs_period_us").read_text()) if quota > 0 else None
    except (OSError, ValueError, ZeroDivisionError):
        return None
