# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The examples of docs/rings.md run as they stand."""

import re

import pytest

from sim.flow.paths import ROOT

EXAMPLES = re.findall(r"^```python\n(.*?)^```", (ROOT / "docs" / "rings.md").read_text(encoding="utf-8"), re.M | re.S)


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_example(number):
    exec(compile(EXAMPLES[number], f"example {number + 1} of docs/rings.md", "exec"), {})


def test_there_are_examples():
    assert len(EXAMPLES) == 4
