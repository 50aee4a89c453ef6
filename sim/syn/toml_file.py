# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Reading tables of a TOML file, with mistakes reported by file and name."""

import tomllib
from pathlib import Path

from sim.flow.errors import FlowError, unknown


def read(file: Path) -> dict:
    """What the file holds. Raises FlowError if it cannot be read."""
    try:
        return tomllib.loads(file.read_text())
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise FlowError(f"{file}: {error}") from error


def fields(
    file: Path, where: str, table: object, needed: dict[str, type | tuple], optional: dict[str, type | tuple]
) -> dict:
    """The table, which has all needed fields, perhaps optional ones and no other, each of its type. Raises
    FlowError."""
    if not isinstance(table, dict):
        raise FlowError(f"{file}: {where} must be a table")
    known = needed | optional
    for name, value in table.items():
        if name not in known:
            raise FlowError(f"{file}: {where}: {unknown('field', name, known)}")
        if not isinstance(value, known[name]) or isinstance(value, bool):
            kind = known[name]
            types = kind if isinstance(kind, tuple) else (kind,)
            raise FlowError(
                f"{file}: {where}: {name} must be of type {' or '.join(each.__name__ for each in types)}, not {value!r}"
            )
    for name in needed:
        if name not in table:
            raise FlowError(f"{file}: {where}: {name} is missing")
    return table
