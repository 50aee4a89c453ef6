# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Whether a value read from JSON looks as it should."""


def complaint(value, shape, place: str = "") -> str | None:
    """What is wrong with a value, in words; None if nothing is.

    Args:
        value: as json.loads() returns it.
        shape: a type or a tuple of types; a list with one shape, for each element; a dict, name -> shape, for an object
            that has at least these names; with "" for its only name, for an object whose every value has that shape.
        place: where the value is.
    """
    where = place or "the file"
    match shape:
        case {"": each}:
            if not isinstance(value, dict):
                return f"{where} is no object"
            parts = ((element, each, f"{place}.{name}".lstrip(".")) for name, element in value.items())
        case dict():
            if not isinstance(value, dict):
                return f"{where} is no object"
            missing = [name for name in shape if name not in value]
            if missing:
                return f"{where} has no '{missing[0]}'"
            parts = ((value[name], shape[name], f"{place}.{name}".lstrip(".")) for name in shape)
        case list():
            if not isinstance(value, list):
                return f"{where} is no list"
            parts = ((element, shape[0], f"{place}[{number}]") for number, element in enumerate(value))
        case _:
            kinds = shape if isinstance(shape, tuple) else (shape,)
            if not isinstance(value, kinds) or isinstance(value, bool) and bool not in kinds and object not in kinds:
                names = " or ".join("null" if kind is type(None) else kind.__name__ for kind in kinds)
                return f"{where} is {value!r:.40}, not {names}"
            return None
    return next((found for part in parts if (found := complaint(*part))), None)
