# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The flow: builds the endpoint for each configuration and simulator, runs the testbench and reports."""

import sys
from pathlib import Path

# The flow runs from a checkout, where nothing has installed the package that it imports from tb/.
_TESTBENCH = str(Path(__file__).resolve().parents[1] / "tb")
if _TESTBENCH not in sys.path:
    sys.path.insert(1, _TESTBENCH)
