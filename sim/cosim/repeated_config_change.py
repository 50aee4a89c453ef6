# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""A configuration change that is certain to meet a masked vector."""

from cocotbext.virtio.bfm.endpoint_interface import EndpointInterface
from cocotbext.virtio.config import EVENT_CONFIG
from cocotbext.virtio.registers import MsiCommand, Register
from cocotbext.virtio.transactions import RegisterWrite

_VECTOR = 0  # of configuration changes, in both modes of the MSI driver


class RepeatedConfigChange:
    """Tells the driver once more that the configuration has changed, when it masks the vector of the first notice.

    A driver that masks and unmasks around each interrupt leaves it to chance whether a further event finds the vector
    masked. This one does: it is raised before the guest has the answer to its MASK. The standard allows a
    notification too many.

    Args:
        interface: the EndpointInterface.
    """

    def __init__(self, interface: EndpointInterface) -> None:
        self._events = interface.event_source
        self._selected: int | None = None
        self._armed = False
        interface.write_monitor.on_responded(self._written)

    def arm(self) -> None:
        """The first notice has been given: the next MASK of its vector is answered with the second."""
        self._armed = True

    def _written(self, write: RegisterWrite) -> None:
        if write.address == Register.MSI_VEC_SEL:
            self._selected = write.data
        elif self._armed and (write.address, write.data, self._selected) == (
            Register.MSI_CMD,
            MsiCommand.MASK,
            _VECTOR,
        ):
            self._armed = False
            self._events.submit(EVENT_CONFIG)
