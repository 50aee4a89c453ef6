# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""`make shrink`: from a failing random run to the few accesses and events that it takes."""
