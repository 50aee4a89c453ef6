# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Writes the register reference with every field as HTML, with PeakRDL's exporter."""

from pathlib import Path

from peakrdl_html import HTMLExporter

from sim.registers.description import compile_rdl


def write(rdl: Path, folder: Path) -> None:
    """Fill *folder*; its index.html is the entry. Some megabytes of pages and scripts, so it is not kept in git.

    Raises:
        DescriptionError: *rdl* does not compile.
    """
    HTMLExporter().export(compile_rdl(rdl), str(folder))
