# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Regressions: configurations x simulators x tests x seeds, recorded as they end, resumed, repeated, reported."""
