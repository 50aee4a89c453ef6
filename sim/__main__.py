# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""`python -m sim`."""

import os
import sys

if sys.flags.optimize:  # assertions are part of verdicts: begin again with them
    os.environ.pop("PYTHONOPTIMIZE", None)
    os.execv(sys.executable, [sys.executable, "-m", "sim", *sys.argv[1:]])

from sim.cli import main  # noqa: E402

sys.exit(main())
