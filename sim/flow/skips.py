# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Inside the simulator: a test that is skipped on a configuration is skipped, whoever has chosen the tests.

An entry point of the simulator's Python (PYGPI_USERS). With a filter, cocotb runs tests that are marked to be skipped,
too: right for one that the user names, wrong for a selection that the flow makes.
"""

from typing import Any

ENTRY = f"{__name__}:keep"


def keep() -> None:
    """Let cocotb's regression skip what is marked."""
    from cocotb.regression import RegressionManager, RegressionMode

    regression: Any = RegressionManager
    set_mode = regression.set_mode
    regression.set_mode = lambda manager, mode: set_mode(manager, RegressionMode.REGRESSION)
