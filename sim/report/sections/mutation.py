"""How many changes of the RTL the tests and proof tasks notice."""

from sim.report import plots
from sim.report.section import Section
from sim.report.sources import Loaded
from sim.report.tables import Table

_KINDS = ["killed", "survived", "equivalent", "open"]
_WANTED = 0.97


def section(loaded: Loaded) -> Section:
    """From build/mutation/mutation.json."""
    made = Section("mutation", "Mutation", loaded)
    if not loaded.data:
        return made
    data, outcomes = loaded.data, loaded.data["outcomes"]
    score = data["score"]
    made.headline = "-" if score is None else f"{100 * score:.1f} %"
    made.mood = "good" if score is not None and score >= _WANTED else "plain"
    made.text = (
        f"{data['count']:,} of {data['available']:,} mutants of the RTL: {outcomes['killed']} killed "
        f"({data['by_proofs']} of them by proof tasks alone), "
        f"{outcomes['survived']} survived, {outcomes['equivalent']} proved equivalent, {outcomes['open']} open. "
        "The score is killed / (killed + survived)."
    )
    modules = sorted(data["modules"].items())
    made.plots.append(
        ("By module", plots.stacks([(name, [each[kind] for kind in _KINDS]) for name, each in modules], _KINDS))
    )
    if data["survivors"]:
        rows = [[each["module"], each["line"], each["original"], each["mutated"]] for each in data["survivors"]]
        made.tables.append(Table("Survivors", ["module", "line", "original", "mutated"], rows, code=[2, 3], tall=True))
    return made
