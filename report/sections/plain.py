"""A file whose figures are shown as they are."""

from report.section import Section
from report.sources import Loaded
from report.tables import tables_of

_NOT_FIGURES = ("made", "git", "tree")


def section(name: str, title: str, loaded: Loaded) -> Section:
    """From any JSON object: each list of objects in it becomes a table."""
    made = Section(name, title, loaded)
    if loaded.data:
        made.tables = tables_of({key: value for key, value in loaded.data.items() if key not in _NOT_FIGURES})
        made.headline = "see below"
    return made
