# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What the tests of the conformance suite share."""

import os

import pytest


@pytest.fixture
def shared(tmp_path_factory):
    """A folder for what all workers of this run build once."""
    base = tmp_path_factory.getbasetemp()
    return (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "built-once"
