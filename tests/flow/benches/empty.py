"""Has only a test that is skipped."""

import cocotb


@cocotb.skipif(True, reason="nothing to run")
@cocotb.test()
async def skipped(dut):
    """Never runs."""
