# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Functional coverage: the counts of many simulations against the declared bins."""

import json
from pathlib import Path

from cocotbext.virtio.coverage.bins import declared

from sim.coverage.exclusions import Exclusion
from sim.flow.errors import FlowError


def merge(files: list[Path]) -> dict[str, dict[str, int]]:
    """Add up the counts of simulations: group -> bin -> hits."""
    total: dict[str, dict[str, int]] = {}
    for file in files:
        for group, bins in json.loads(file.read_text()).items():
            into = total.setdefault(group, {})
            for name, hits in bins.items():
                into[name] = into.get(name, 0) + hits
    return total


def judge(
    counts: dict[str, dict[str, int]], exclusions: list[Exclusion], bins: dict[str, dict[str, int]] | None = None
) -> dict:
    """Compare with the declared bins.

    Returns {"bins", "covered", "excluded": number, "groups": {name: {"bins", "covered", "excluded": number,
    "open": [[bin, hits, goal]]}}}. Covered means hit as often as the goal says; excluded ones count nowhere else.

    Raises:
        FlowError: a bin was hit that is not declared.
    """
    bins = bins or declared()
    for group, hit in counts.items():
        for name in hit:
            if name not in bins.get(group, ()):
                raise FlowError(
                    f"functional coverage: '{group}' has no bin '{name}'; declare it in "
                    f"tb/cocotbext/virtio/coverage/bins.py"
                )
    groups: dict[str, dict] = {}
    for group, goals in bins.items():
        result: dict = {"bins": 0, "covered": 0, "excluded": 0, "open": []}
        groups[group] = result
        for name, goal in goals.items():
            hits = counts.get(group, {}).get(name, 0)
            covered = hits >= goal
            if [exclusion for exclusion in exclusions if exclusion.excludes(covered, group=group, bin=name)]:
                result["excluded"] += 1
                continue
            result["bins"] += 1
            result["covered"] += covered
            if not covered:
                result["open"].append([name, hits, goal])
    sums = {name: sum(group[name] for group in groups.values()) for name in ("bins", "covered", "excluded")}
    return sums | {"groups": groups}
