# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What the RTL costs in an FPGA and how fast it is: `python -m sim syn`, see README.md."""
