# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Programs that look at a run afterwards: the timeline of a run, the reduction of a failure."""
