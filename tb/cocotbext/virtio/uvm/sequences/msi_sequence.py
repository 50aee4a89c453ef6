"""Base of sequences that give MSI commands."""

from cocotbext.virtio.registers import MsiCommand, Register
from cocotbext.virtio.uvm.sequences.register_sequence import WORD, RegisterSequence


class MsiSequence(RegisterSequence):
    """MSI commands. Each is one burst, selectors included, so that concurrent sequences cannot spoil it."""

    async def command(self, command: MsiCommand, vector: int | None = None, queue: int | None = None) -> None:
        """Give a command, after selecting the vector and the queue that are named."""
        selections = ((Register.QUEUE_SEL, queue), (Register.MSI_VEC_SEL, vector))
        selected = [(register, value) for register, value in selections if value is not None]
        await self.write_together(*selected, (Register.MSI_CMD, command))

    async def enable_msi(self) -> None:
        """From the line to messages."""
        await self.command(MsiCommand.ENABLE)

    async def disable_msi(self) -> None:
        """From messages back to the line."""
        await self.command(MsiCommand.DISABLE)

    async def configure(self, vector: int, address: int, data: int) -> None:
        """Give a vector its message; address 0 takes it away."""
        await self.write_together(
            (Register.MSI_VEC_SEL, vector),
            (Register.MSI_ADDR_LOW, address & WORD),
            (Register.MSI_ADDR_HIGH, address >> 32),
            (Register.MSI_DATA, data),
            (Register.MSI_CMD, MsiCommand.CONFIGURE),
        )

    async def mask(self, vector: int) -> None:
        """Hold the messages of a vector."""
        await self.command(MsiCommand.MASK, vector)

    async def unmask(self, vector: int) -> None:
        """Let the messages of a vector go."""
        await self.command(MsiCommand.UNMASK, vector)

    async def map_config(self, vector: int) -> None:
        """Report configuration changes by a vector, or by none (NO_VECTOR)."""
        await self.command(MsiCommand.MAP_CONFIG, vector)

    async def map_queue(self, queue: int, vector: int) -> None:
        """Report used buffers of a queue by a vector, or by none (NO_VECTOR)."""
        await self.command(MsiCommand.MAP_QUEUE, vector, queue)

    async def vector_state(self, vector: int) -> int:
        """MsiVecState of a vector."""
        await self.write(Register.MSI_VEC_SEL, vector)
        return await self.read(Register.MSI_VEC_STATE)
