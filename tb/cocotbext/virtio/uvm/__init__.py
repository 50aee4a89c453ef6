# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The testbench as pyuvm classes: items, agents, environment, scoreboard and sequences."""
