# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The sections of the page, one module each, with a function that makes it of what was loaded."""
