# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""How many changes of the RTL the tests and proof tasks notice."""

import math

from sim.flow.percent import percent
from sim.report import plots
from sim.report.section import Section, Table
from sim.report.sources import Loaded

_KINDS = ["killed", "survived", "equivalent", "open"]
_WANTED = 0.97


def section(loaded: Loaded) -> Section:
    """From build/mutation/mutation.json."""
    made = Section("mutation", "Mutation", loaded)
    if not loaded.data:
        return made
    data, outcomes = loaded.data, loaded.data["outcomes"]
    score = data["score"]
    tried = outcomes["killed"] + outcomes["survived"]
    made.headline = "-" if score is None else f"{percent(outcomes['killed'], tried):.2f} % of {tried:,}"
    made.mood = "good" if tried and _at_least(outcomes["killed"], tried) >= _WANTED else "plain"
    made.text = (
        f"{data['count']:,} of {data['available']:,} mutants of the RTL: {outcomes['killed']} killed "
        f"({data['by_proofs']} of them by proof tasks alone), "
        f"{outcomes['survived']} survived, {outcomes['equivalent']} proved equivalent, {outcomes['open']} open. "
        "The score is killed / (killed + survived)."
    )
    if tried:
        made.text += (
            f" For all mutants it is {100 * _at_least(outcomes['killed'], tried):.1f} % or more, with a confidence of "
            "95 %."
        )
    modules = sorted(data["modules"].items())
    made.plots.append(
        ("By module", plots.stacks([(name, [each[kind] for kind in _KINDS]) for name, each in modules], _KINDS))
    )
    if data["survivors"]:
        rows = [[each["module"], each["line"], each["original"], each["mutated"]] for each in data["survivors"]]
        made.tables.append(Table("Survivors", ["module", "line", "original", "mutated"], rows, code=[2, 3], tall=True))
    return made


def _at_least(killed: int, tried: int) -> float:
    """The lower end of Wilson's interval: the share among all mutants is above it with a confidence of 95 %."""
    share, z = killed / tried, 1.645
    centre, spread = share + z * z / (2 * tried), math.sqrt(share * (1 - share) / tried + z * z / (4 * tried * tried))
    return (centre - z * spread) / (1 + z * z / tried)
