# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The check for unknown values looks at every output of the endpoint."""

import re

from cocotbext.virtio.checks.no_unknowns import CONTROLS, OUTPUTS

from sim.flow.paths import ROOT


def test_every_output_is_looked_at():
    """The list is that of the ports."""
    text = (ROOT / "rtl" / "endpoint" / "virtio_mmio_endpoint.v").read_text()
    ports = re.findall(r"^\s*output\s+(?:wire|reg)\s*(?:\[.*?\])?\s*(\w+)", text, re.MULTILINE)
    assert sorted(OUTPUTS) == sorted(ports)


def test_controls_are_looked_at_all_the_time():
    """Whatever starts or ends a transfer, and the line."""
    handshakes = {name for name in OUTPUTS if re.search(r"(valid|ready)$", name)} - {"queue_ready"}
    assert handshakes | {"irq", "device_reset", "config_en"} == set(CONTROLS)
