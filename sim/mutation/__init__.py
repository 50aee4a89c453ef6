# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Mutation analysis: the design is changed in one place, and the tests must notice."""
