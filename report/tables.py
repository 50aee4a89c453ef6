"""Tables, and how the figures of a JSON file become some."""

from dataclasses import dataclass, field

_ROWS = 400     # of one table


@dataclass
class Table:
    """Columns and rows; numbers are right-aligned and sort as numbers.

    Attributes:
        code: columns that hold code.
        tall: many rows: it scrolls in a window of its own.
    """

    title: str
    columns: list[str]
    rows: list[list]
    code: list[int] = field(default_factory=list)
    tall: bool = False


def tables_of(value: dict, title: str = "") -> list[Table]:
    """An object's plain values as one table, and each object or list of objects in it as one more."""
    plain = [[_words(name), _cell(each)] for name, each in value.items() if _is_plain(each)]
    tables = [Table(title, ["what", "value"], plain)] if plain else []
    for name, each in value.items():
        heading = f"{title}: {_words(name)}" if title else _words(name)
        if isinstance(each, dict) and each and all(isinstance(part, dict) for part in each.values()):
            tables += _listed([{"name": key, **part} for key, part in each.items()], heading)
        elif isinstance(each, dict):
            tables += tables_of(each, heading)
        elif isinstance(each, list) and each and all(isinstance(part, dict) for part in each):
            tables += _listed(each, heading)
    return tables


def _listed(items: list[dict], title: str) -> list[Table]:
    columns = list(dict.fromkeys(name for item in items for name, each in item.items() if _is_plain(each)))
    rows = [[_cell(item.get(name)) for name in columns] for item in items[:_ROWS]]
    more = f" (the first {_ROWS} of {len(items)})" if len(items) > _ROWS else ""
    return [Table(title + more, [_words(name) for name in columns], rows, tall=len(rows) > 30)]


def _is_plain(value) -> bool:
    return not isinstance(value, dict) and not (isinstance(value, list) and any(isinstance(part, (dict, list)) for part in value))


def _cell(value):
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list) else value


def _words(name: str) -> str:
    return name.replace("_", " ")
