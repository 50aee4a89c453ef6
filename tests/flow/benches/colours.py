# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0

"""Fails with messages that no format likes."""

import cocotb
from cocotb.clock import Clock
from cocotb.triggers import ClockCycles

MESSAGES = {
    "colour": "\x1b[32mchecking\x1b[0m",
    "nothing": "a\x00b",
    "no_character": "a\ufffeb",
    "markdown": "a | b `c` <d> [e] *f*",
    "markup": "[bold]a[/bold] [/red]",
    "bell": "a\x07\x0b\x0c\x85\u2028b",
    "ends_xml": "a ]]> &amp; <b/>",
    "surrogate": "a\udc80b",
}


@cocotb.test(timeout_time=1, timeout_unit="us")
@cocotb.parametrize(kind=list(MESSAGES))
async def fails(dut, kind):
    """Prints its message and fails with it."""
    Clock(dut.aclk, 10, "ns").start()
    await ClockCycles(dut.aclk, 1)
    print(MESSAGES[kind].encode("utf-8", "replace").decode(), flush=True)
    raise AssertionError(MESSAGES[kind])
