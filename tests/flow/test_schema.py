# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Data checked by a schema: what is wrong is said with its place, in one line."""

import pytest

from sim.flow.errors import FlowError
from sim.flow.schema import (
    BOOLEAN,
    INTEGER,
    NAME,
    NUMBER,
    OBJECT,
    TEXT,
    complaint,
    each,
    items,
    maybe,
    one_of,
    read_toml,
    table,
)

AT_LEAST_A = table({"a": INTEGER}, further=True)
LIST = table({"a": items(table({"b": TEXT}))})


@pytest.mark.parametrize(
    "value, schema, words",
    [
        ({"a": 1}, AT_LEAST_A, None),
        ({"a": 1, "more": 2}, AT_LEAST_A, None),
        ({"a": 1, "more": 2}, table({"a": INTEGER}, {"b": TEXT}), "the file: unknown field 'more'; known: a, b"),
        ({"a": None}, table({"a": maybe(INTEGER)}), None),
        ({"a": 1.5}, table({"a": NUMBER}), None),
        ({"a": [{"b": "x"}]}, LIST, None),
        ({"m": {"one": {"k": 1}}}, table({"m": each(table({"k": INTEGER}))}), None),
        ([], AT_LEAST_A, "the file is [], not object"),
        ({}, AT_LEAST_A, "the file has no 'a'"),
        ({"b": 1}, table({"a": INTEGER}), "the file: unknown field 'b'; known: a"),
        ({"a": "1"}, AT_LEAST_A, "a is '1', not integer"),
        ({"a": True}, AT_LEAST_A, "a is True, not integer"),
        ({"a": 1}, table({"a": BOOLEAN}), "a is 1, not boolean"),
        ({"a": {}}, LIST, "a is {}, not array"),
        ({"a": [{"b": "x"}, {}]}, LIST, "a[1] has no 'b'"),
        ({"m": {"one": {"k": "x"}}}, table({"m": each(each(maybe(INTEGER)))}), "m.one.k is 'x', not integer or null"),
        ({"a": ["c"]}, table({"a": items(one_of(("d", "e")))}), "a[0]: unknown value 'c'; known: d, e"),
        ({"a": []}, table({"a": items(OBJECT, 1)}), "a is wrong: [] should be non-empty"),
        ({"a": ""}, table({"a": NAME}), "a is wrong: '' should be non-empty"),
    ],
)
def test_complaint(value, schema, words):
    """None for what is as it should be."""
    assert complaint(value, schema) == words


@pytest.mark.parametrize(
    "content, words", [(b"a = ", "Invalid value"), (b"\xff", "utf-8"), (b"a = 'x'", "a is 'x', not integer")]
)
def test_toml(tmp_path, content, words):
    """The error names the file."""
    file = tmp_path / "some.toml"
    file.write_bytes(content)
    with pytest.raises(FlowError) as error:
        read_toml(file, AT_LEAST_A)
    assert str(error.value).startswith(f"{file}: ") and words in str(error.value)
    with pytest.raises(FlowError, match="No such file"):
        read_toml(tmp_path / "none.toml", AT_LEAST_A)
    file.write_text("a = 3")
    assert read_toml(file, AT_LEAST_A) == {"a": 3}
