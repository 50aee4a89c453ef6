# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What every command of the flow shares: building, running, configurations, results, processes, errors."""
