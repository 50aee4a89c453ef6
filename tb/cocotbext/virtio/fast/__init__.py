# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The fast path: the ports are driven and watched in Verilog (tb/cocotbext/virtio/fast/harness/), Python gives lists
and reads records."""
