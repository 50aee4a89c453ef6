"""A device that is not at its best: slow to come to rest, and now and then in need of a reset."""

import cocotb

from tb.spec.registers import StatusBit


class DeviceWeather:
    """Changes the device's own state until :meth:`clear`: device_idle is low for a while, needs_reset is high for a few cycles.

    Args:
        interface: the EndpointInterface.
        rng: source of randomness.
        calm: (least, most) cycles between two changes.
    """

    def __init__(self, interface, rng, calm: tuple[int, int] = (200, 2000)):
        self._interface = interface
        self._rng = rng
        self._between = calm
        self._calm = False
        self._task = cocotb.start_soon(self._run())

    async def clear(self) -> None:
        """From now on the device is at rest and well."""
        self._calm = True
        await self._task

    async def _run(self) -> None:
        state, clocking, rng = self._interface.device_state, self._interface.clocking, self._rng
        while not self._calm:
            await clocking.cycles(rng.randint(*self._between))
            if rng.random() < 0.7:
                state.idle = False
                await clocking.cycles(rng.randint(1, 200))
                state.idle = True
            else:
                # Only at work: what a device says right after its reset keeps a driver waiting for Status to read 0.
                for _ in range(rng.randint(1, 5)):
                    state.needs_reset = bool(state.device_status & StatusBit.DRIVER_OK)
                    await clocking.cycles(1)
                state.needs_reset = False
