"""Driver of device_idle and needs_reset."""


class DeviceStateDriver:
    """The device's own state inputs, and what the endpoint shows the device.

    Attributes:
        idle, needs_reset: write True or False; takes effect in the next cycle.
    """

    def __init__(self, dut):
        self._idle_port, self._needs_reset_port = dut.device_idle, dut.needs_reset
        self._features_port, self._status_port = dut.driver_features, dut.device_status
        self.idle = True
        self.needs_reset = False

    @property
    def idle(self) -> bool:
        """The device has nothing under way: a reset may finish."""
        return self._idle

    @idle.setter
    def idle(self, value: bool) -> None:
        self._idle = value
        self._idle_port.value = int(value)

    @property
    def needs_reset(self) -> bool:
        """The device cannot go on."""
        return self._needs_reset

    @needs_reset.setter
    def needs_reset(self, value: bool) -> None:
        self._needs_reset = value
        self._needs_reset_port.value = int(value)

    @property
    def driver_features(self) -> int:
        """The accepted feature bits as the device sees them now."""
        return int(self._features_port.value)

    @property
    def device_status(self) -> int:
        """Status as the device sees it now."""
        return int(self._status_port.value)
