"""One access on the register bus, request and result."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from cocotb.triggers import Event


@dataclass(eq=False, slots=True)
class Access:
    """A register access: what to do, how to time it, and what came of it.

    A delay left at None is drawn from the master's :class:`BusTiming`.

    Attributes:
        write: True for a write, False for a read.
        address: byte address, aligned or not, within the slave's address width.
        data: to write; after a read has completed, what was read.
        strobe: WSTRB of a write.
        address_delay: cycles of AWVALID/ARVALID low before this access.
        data_delay: cycles of WVALID low before this access.
        issued: cycle in which the access was handed to the master.
        accepted: cycle of the (later) request handshake.
        completed: cycle of the response handshake; None while under way or when aborted.
        response: AXI response code; None until completed.
        aborted: True when a reset (aresetn) cut the access off.
        finished: True once completed or aborted.
        waiting: how to wait for it, set by a master that does not call :meth:`finish` in time by itself.
    """

    write: bool
    address: int
    data: int = 0
    strobe: int = 0xF
    address_delay: int | None = None
    data_delay: int | None = None
    issued: int | None = None
    accepted: int | None = None
    completed: int | None = None
    response: int | None = None
    aborted: bool = False
    finished: bool = False
    waiting: Callable[["Access"], Awaitable[None]] | None = field(default=None, repr=False)
    _finished: Event | None = field(default=None, repr=False)

    def finish(self) -> None:
        """Wake everybody who waits (called by the master)."""
        self.finished = True
        if self._finished is not None:
            self._finished.set()

    async def wait(self) -> "Access":
        """Wait until completed or aborted; returns the access itself."""
        if not self.finished:
            if self.waiting is not None:
                await self.waiting(self)
            else:
                if self._finished is None:
                    self._finished = Event()
                await self._finished.wait()
        return self
