# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""`make report`: everything that is known of the endpoint's quality on one page."""
