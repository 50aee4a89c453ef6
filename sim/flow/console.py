# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0

"""Where a command writes what people read."""

import sys

from rich.console import Console

_WIDTH = 140  # columns of a log file, which has no width of its own; rich would take 80


def console(width: int = _WIDTH) -> Console:
    """The terminal as wide as it is, or a file of `width` columns."""
    return Console() if sys.stdout.isatty() else Console(width=width)


def say(output: Console, text: str) -> None:
    """Print a line as it is: no markup, no highlighting, no wrapping."""
    output.print(text, markup=False, highlight=False, soft_wrap=True)
