"""Changing conditions around the endpoint."""

import cocotb


class Weather:
    """Changes something until :meth:`clear`; a subclass says what, in :meth:`run`.

    Args:
        interface: the EndpointInterface.
        rng: source of randomness.

    Attributes:
        interface, rng: the same.
        calm: no more changes are wanted.
    """

    def __init__(self, interface, rng):
        self.interface = interface
        self.rng = rng
        self.calm = False
        self._task = cocotb.start_soon(self.run())

    async def clear(self) -> None:
        """No more changes from now on; returns when everything is at its best."""
        self.calm = True
        await self._task

    async def run(self) -> None:
        """Change things while not :attr:`calm`, then leave everything at its best."""
        raise NotImplementedError
