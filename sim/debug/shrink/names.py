# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What the reduction is called, and where it leaves what it found; without a simulator, for the flow."""

import re

MODULE = "sim.debug.shrink.trials"
TEST = "shrink"
OUTCOME = "shrunk.json"  # in the directory of the run: {"broken", "text", "before", "steps", "tries"}
TRACE = "shrunk.csv"  # the steps that are left


def words(text: str) -> str:
    """What an always-on check says, without its numbers: the same for the same rule."""
    return re.sub(r"0x[0-9a-f]+|\d+", "N", text)
