"""A test that ends before the scoreboard has closed its books leaves the recent past in the log."""

import cocotb
from cocotb.triggers import Event


def tell(core) -> None:
    """From now on, when the test fails or runs out of time, log what the ScoreboardCore has seen last."""
    cocotb.start_soon(_wait(core))


async def _wait(core) -> None:
    try:
        await Event().wait()  # cancelled at the end of the test, whatever ends it
    finally:
        if not core.closed:
            cocotb.log.info("%s", core.past())
