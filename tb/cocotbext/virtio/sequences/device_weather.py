"""A device that is not at its best: slow to come to rest, and now and then in need of a reset."""

from cocotbext.virtio.registers import StatusBit
from cocotbext.virtio.sequences.weather import Weather


class DeviceWeather(Weather):
    """The device's own state: device_idle is low for a while, needs_reset is high for a few cycles.

    Args:
        interface: the EndpointInterface.
        rng: source of randomness.
        between: (least, most) cycles between two changes.
    """

    def __init__(self, interface, rng, between: tuple[int, int] = (200, 2000)):
        self._between = between
        super().__init__(interface, rng)

    async def run(self) -> None:
        state, clocking, rng = self.interface.device_state, self.interface.clocking, self.rng
        while not self.calm:
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
