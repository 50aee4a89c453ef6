# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Percentages, the same on every console and page."""


def percent(part: int, whole: int) -> float:
    """*part* of *whole* in percent, rounded down to hundredths, so that 100 means all; 100 of nothing."""
    return 10000 * part // whole / 100 if whole else 100.0


def written(part: int, whole: int) -> str:
    """As text, with two digits behind the point; "-" of nothing."""
    return f"{percent(part, whole):.2f}" if whole else "-"
