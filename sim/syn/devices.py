# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The devices by name. Each module has NAME, TITLE, PLACER, WRAPPED, LOGIC_CELLS, SYNTHESIS, OPTIONS,
PLACER_OPTIONS and count()."""

from sim.syn import ecp5, ice40

DEVICES = {module.NAME: module for module in (ecp5, ice40)}
