# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Changing conditions around the endpoint: partners that are slow, faulty or stuck, at random."""

import cocotb
from cocotbext.virtio.bfm.endpoint_interface import EndpointInterface
from cocotbext.virtio.bfm.knobs import Knobs
from cocotbext.virtio.randomness import Rng
from cocotbext.virtio.registers import StatusBit


class Disturbance:
    """Changes something until :meth:`stop`; a subclass says what, in :meth:`run`.

    Args:
        interface: the EndpointInterface.
        rng: source of randomness.

    Attributes:
        interface, rng: the same.
        stopping: no more changes are wanted.
    """

    def __init__(self, interface: EndpointInterface, rng: Rng) -> None:
        self.interface = interface
        self.rng = rng
        self.stopping = False
        self._task = cocotb.start_soon(self.run())

    async def stop(self) -> None:
        """No more changes from now on; returns when nothing is disturbed any more."""
        self.stopping = True
        await self._task

    async def run(self) -> None:
        """Change things until :attr:`stopping`, then leave everything undisturbed."""
        raise NotImplementedError


class RandomBackpressure(Disturbance):
    """Draws the behaviour of all partners anew every now and then: backpressure on every channel, message
    errors, and sometimes an interrupt controller that is stuck for a while.

    Args:
        interface: the EndpointInterface.
        rng: source of randomness.
        error_rate: of messages in a bad spell.
    """

    def __init__(self, interface: EndpointInterface, rng: Rng, error_rate: float = 0.05) -> None:
        self._error_rate = error_rate
        super().__init__(interface, rng)

    async def run(self) -> None:
        interface, rng = self.interface, self.rng
        while not self.stopping:
            interface.behave(Knobs.draw(rng).with_errors(rng.choice((0, 0, self._error_rate))))
            stuck = rng.random() < 0.15
            if stuck:
                interface.msi_sink.hold(
                    *rng.choice(((True, True, True), (True, False, False), (False, True, False), (False, False, True)))
                )
            await interface.clock.cycles(rng.randint(50, 400))
            if stuck:
                interface.msi_sink.release()
        interface.behave(Knobs())


class RandomDeviceFaults(Disturbance):
    """The device's own state: device_idle is low for a while, needs_reset is high for a few cycles.

    Args:
        interface: the EndpointInterface.
        rng: source of randomness.
        between: (least, most) cycles between two changes.
    """

    def __init__(self, interface: EndpointInterface, rng: Rng, between: tuple[int, int] = (200, 2000)) -> None:
        self._between = between
        super().__init__(interface, rng)

    async def run(self) -> None:
        state, clock, rng = self.interface.device_state, self.interface.clock, self.rng
        while not self.stopping:
            await clock.cycles(rng.randint(*self._between))
            if rng.random() < 0.7:
                state.idle = False
                await clock.cycles(rng.randint(1, 200))
                state.idle = True
            else:
                # Only at work: what a device says right after its reset keeps a driver waiting for Status to read 0.
                for _ in range(rng.randint(1, 5)):
                    state.needs_reset = bool(state.device_status & StatusBit.DRIVER_OK)
                    await clock.cycles(1)
                state.needs_reset = False
