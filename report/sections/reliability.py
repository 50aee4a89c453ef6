"""How many events were accounted for, and that none was lost."""

from report import runs
from report.section import Section
from report.tables import Table

_NAMES = {
    "events": "events", "messages": "messages", "coalesced": "events that shared a message", "held_by_mask": "events held by a mask",
    "register_accesses": "register accesses", "lost": "lost", "without_cause": "without cause",
}


def section(ran: list[runs.Run]) -> Section:
    """From the statistics of simulations."""
    made = Section("reliability", "Events accounted for")
    if not ran:
        made.headline, made.text = "not run", "No simulation has left statistics in build/. Run: make sim"
        return made
    sums = runs.totals(ran)
    made.headline = f"{sums['lost']} lost"
    made.mood = "bad" if sums["lost"] + sums["without_cause"] else "good"
    made.text = f"Sums over the {len(ran):,} simulations whose statistics are in build/."
    made.tables.append(Table("", ["what", "number"], [[text, sums[name]] for name, text in _NAMES.items()]))
    return made
