# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Checks data from a file by a JSON Schema, and says what is wrong in one line.

The functions below make the schemas: `table` for an object with these names, `each` for one with any names, `items` for
a list.
"""

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sim.flow.errors import FlowError, unknown

Schema = dict[str, Any]

ANYTHING: Schema = {}
BOOLEAN: Schema = {"type": "boolean"}
INTEGER: Schema = {"type": "integer"}
NUMBER: Schema = {"type": "number"}
TEXT: Schema = {"type": "string"}
NAME: Schema = {"type": "string", "minLength": 1}
OBJECT: Schema = {"type": "object"}


def maybe(schema: Schema) -> Schema:
    """The same, or null."""
    return {**schema, "type": [schema["type"], "null"]}


def one_of(names: Iterable[str]) -> Schema:
    """One of these texts."""
    return {"enum": list(names)}


def items(schema: Schema, least: int = 0) -> Schema:
    """A list of such elements, of at least so many."""
    return {"type": "array", "items": schema, "minItems": least}


def each(schema: Schema) -> Schema:
    """An object with any names, whose values are all like this."""
    return {"type": "object", "additionalProperties": schema}


def table(needed: dict[str, Schema], optional: dict[str, Schema] | None = None, further: bool = False) -> Schema:
    """An object that has all needed fields, perhaps optional ones, and others only with `further`."""
    known = needed | (optional or {})
    return {"type": "object", "additionalProperties": further, "required": list(needed), "properties": known}


def complaint(content: object, schema: Schema) -> str | None:
    """What is wrong with the content, with its place, in words; None if nothing is."""
    from jsonschema import Draft202012Validator  # here: it takes a while to load

    errors = sorted(Draft202012Validator(schema).iter_errors(content), key=lambda error: list(map(str, error.path)))
    return _words(errors[0]) if errors else None


def read_toml(file: Path, schema: Schema) -> dict[str, Any]:
    """What a TOML file holds.

    Raises:
        FlowError: it cannot be read, or is not like the schema.
    """
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise FlowError(f"{file}: {error}") from error
    wrong = complaint(content, schema)
    if wrong:
        raise FlowError(f"{file}: {wrong}")
    return content


def _words(error: Any) -> str:
    place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.absolute_path)
    where = place.lstrip(".") or "the file"
    match error.validator:
        case "required":
            missing = next(name for name in error.validator_value if name not in error.instance)
            return f"{where} has no '{missing}'"
        case "additionalProperties" if error.validator_value is False:
            known = error.schema["properties"]
            extra = next(name for name in error.instance if name not in known)
            return f"{where}: {unknown('field', extra, known)}"
        case "enum":
            return f"{where}: {unknown('value', error.instance, error.validator_value)}"
        case "type":
            kinds = error.validator_value
            names = " or ".join([kinds] if isinstance(kinds, str) else kinds)
            return f"{where} is {error.instance!r:.40}, not {names}"
    return f"{where} is wrong: {error.message}"
