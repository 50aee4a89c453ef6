"""Counts what passes at the endpoint's ports."""

from collections import Counter

from cocotbext.virtio.registers import MsiCommand, Register, StatusBit
from cocotbext.virtio.transactions import DeviceReset, EventAccepted, LineLevel, MessagePresented

_COMMANDS = frozenset(int(command) for command in MsiCommand)


class Traffic:
    """Passive: takes everything from the monitors.

    "At work" is the time from DRIVER_OK to the next reset: set-up and teardown are not part of it.

    Args:
        interface: the EndpointInterface.

    Attributes:
        counts: name -> number, see the code; ready for JSON.
        messages: (address, data) -> messages.
    """

    def __init__(self, interface):
        self.counts: Counter[str] = Counter()
        self.messages: Counter[tuple[int, int]] = Counter()
        self._at_work = False
        self._msi = False
        interface.writes.on_accepted(self._written)
        interface.reads.on_responded(self._read)
        interface.observe(self._observed)

    def _access(self) -> None:
        self.counts["accesses"] += 1
        self.counts["accesses_at_work"] += self._at_work

    def _written(self, write) -> None:
        self._access()
        if write.address == Register.MSI_CMD and write.data in _COMMANDS:
            command = MsiCommand(write.data)
            self.counts[f"command_{command.name.lower()}"] += 1
            if command in (MsiCommand.ENABLE, MsiCommand.DISABLE):
                self._msi = command == MsiCommand.ENABLE
        elif write.address == Register.INTERRUPT_ACK:
            self.counts["interrupt_acks"] += 1
        elif write.address == Register.STATUS:
            self._at_work = bool(write.data & StatusBit.DRIVER_OK)
            self._msi = self._msi and write.data != 0

    def _read(self, read) -> None:
        self._access()
        if read.address == Register.INTERRUPT_STATUS:
            self.counts["interrupt_status_reads"] += 1
            self.counts["interrupt_status_reads_with_msi"] += self._msi

    def _observed(self, observation) -> None:
        if isinstance(observation, MessagePresented):
            self.counts["messages"] += 1
            self.messages[observation.address, observation.data] += 1
        elif isinstance(observation, LineLevel):
            self.counts["line_raised"] += observation.level
        elif isinstance(observation, EventAccepted):
            self.counts["events"] += 1
            self.counts["config_events"] += observation.index == 0
        elif isinstance(observation, DeviceReset):
            self.counts["resets"] += 1
