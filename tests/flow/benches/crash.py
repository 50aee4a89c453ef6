# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The simulator dies."""

import os
import signal

import cocotb


@cocotb.test()
async def dies(dut):
    """Ends the simulator's process from inside."""
    dut._log.info("about to die")
    os.kill(os.getpid(), signal.SIGSEGV)
