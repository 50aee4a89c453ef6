# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Errors that the user sees as one line."""

from collections.abc import Iterable


class FlowError(Exception):
    """Something the user can put right; the text is the whole message: it names the thing and the fix."""


class Interrupted(Exception):
    """The run was stopped from outside; nothing more is to be started."""


def unknown(kind: str, name: str, known: Iterable[str]) -> FlowError:
    """The error for a name that is none of the known ones, which it lists."""
    return FlowError(f"unknown {kind} '{name}'; known: {', '.join(known)}")
