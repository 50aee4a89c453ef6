# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Formal proofs of the RTL: `python -m sim formal`, see __main__.py and README.md."""
