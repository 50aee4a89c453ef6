# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Errors that the user sees as one line."""

from sim.flow.errors import FlowError


class Unavailable(FlowError):
    """A guest cannot run on this machine; the text says what is missing and what would help."""
