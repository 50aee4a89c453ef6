# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Always-on checks: rules of the ports that hold in every test, whatever it does."""

from cocotbext.virtio.checks.always_on import AlwaysOn
from cocotbext.virtio.checks.violation import Violation

__all__ = ["AlwaysOn", "Violation"]
