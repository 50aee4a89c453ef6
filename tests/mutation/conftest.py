# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What the tests of `make mutate` share."""

import os
import shutil

import pytest

from sim.flow.paths import BUILD


@pytest.fixture
def folder(request):
    """An empty folder below the project's, where Yosys can see it."""
    path = BUILD / "tests" / f"mutation-{os.getpid()}-{request.node.name}"
    shutil.rmtree(path, ignore_errors=True)
    yield path
    shutil.rmtree(path, ignore_errors=True)
