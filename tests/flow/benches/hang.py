"""The simulation never ends."""

import time

import cocotb


@cocotb.test()
async def sleeps(dut):
    """Blocks the whole simulator."""
    time.sleep(1000)
