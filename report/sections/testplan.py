"""The testplan: each requirement with its tests and their results."""

from collections import Counter

from report.section import Section
from report.sources import Loaded
from report.tables import Table
from report.testplan import entries


def section(regression: Loaded) -> Section:
    """From the testplan, the sources of the tests and the latest regression."""
    plan = entries(regression.data)
    verdicts = Counter(entry.verdict for entry in plan)
    visible = len(plan) - verdicts["not visible"]
    mood = "bad" if verdicts["failed"] else "good" if verdicts["passed"] == visible else "plain"
    text = (f"{visible} requirements can be seen at a port: {verdicts['passed']} passed, {verdicts['failed']} failed, "
            f"{verdicts['not run']} not run in the latest regression. {verdicts['not visible']} cannot be seen, for the reason "
            "beside each.")
    rows = [[entry.name, entry.text, entry.reason or ", ".join(entry.tests), entry.runs, entry.verdict] for entry in plan]
    table = Table("", ["requirement", "demands", "tests, or why none can see it", "runs", "verdict"], rows, tall=True)
    return Section("testplan", "Testplan", None, f"{verdicts['passed']} of {visible}", mood, text, [table])
