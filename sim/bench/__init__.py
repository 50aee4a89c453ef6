# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""How fast the testbench is: `python -m sim bench` measures it beside what others use.

docs/results/performance.md has the figures.
"""
