# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The conformance suite: one command that says which rules of virtio-mmio a device in RTL breaks.

``python -m cocotbext.virtio.conformance my_disk.toml`` builds the device, runs one simulation a check, and prints
a line for each. docs/your_device.md is the introduction.
"""
