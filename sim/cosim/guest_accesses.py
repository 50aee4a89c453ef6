# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Carries the guest's register accesses to a register bus."""

from collections.abc import Awaitable, Callable

from cocotbext.virtio.clock_reset import ClockReset

from sim.cosim.link import Link, Request

SETTLE = 8  # cycles that an access may take to show at the ports, before the guest goes on
STEP = 16  # cycles between two looks at the link


async def serve(
    link: Link,
    clock: ClockReset,
    access: Callable[[bool, int, int, int], Awaitable[int]],
    busy: Callable[[], object],
    patience: int,
) -> None:
    """Serve the guest until QEMU ends.

    The clock runs while the guest has an access under way or the device is busy, and *patience* cycles longer; then
    simulated time stands still until the guest's next access.

    Args:
        link: to QEMU.
        clock: the ClockReset.
        access: called with (write, address, data, strobe); returns the word that was read.
        busy: whether the device has work under way.
        patience: cycles that the design may think without showing anything.
    """
    idle = 0
    while not link.ended:
        request = link.request(wait=idle >= patience)
        if request:
            value = await _access(access, request)
            await clock.cycles(SETTLE)
            link.answer(value)
            idle = 0
        elif not link.ended:
            await clock.cycles(STEP)
            idle = 0 if busy() else idle + STEP


async def _access(access: Callable[[bool, int, int, int], Awaitable[int]], request: Request) -> int:
    """The access as the bus has it: a narrow one has its own byte lanes."""
    lane = request.offset % 4
    if not request.write:
        word = await access(False, request.offset, 0, 0)
        return word >> 8 * lane & (1 << 8 * request.size) - 1
    data = (request.value & (1 << 8 * request.size) - 1) << 8 * lane
    strobe = (1 << request.size) - 1 << lane & 0xF
    await access(True, request.offset, data, strobe)
    return 0
