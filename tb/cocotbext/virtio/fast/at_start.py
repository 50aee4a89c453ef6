# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""State of the harness when a bench is made."""

from cocotb.simtime import get_sim_time


def at_start(handle) -> int:
    """The value of a handle; at time 0, when the simulator has not run the initial blocks yet, the 0 that they will
    set."""
    return int(handle.value) if get_sim_time("step") else 0
