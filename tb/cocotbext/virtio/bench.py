# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The testbench without pyuvm, for short tests."""

import cocotb
from cocotbext.virtio.bfm.knobs import Knobs
from cocotbext.virtio.binding import bind
from cocotbext.virtio.checks import AlwaysOn
from cocotbext.virtio.config import EndpointConfig
from cocotbext.virtio.driver.mmio_driver import MmioDriver
from cocotbext.virtio.handles import Dut
from cocotbext.virtio.registers import MsiCommand, Register, StatusBit
from cocotbext.virtio.run_settings import RunSettings
from cocotbext.virtio.scoreboard.end_of_test import check_port_state, dump_on_failure
from cocotbext.virtio.scoreboard.scoreboard import Scoreboard
from cocotbext.virtio.trace.recorder import Recorder
from cocotbext.virtio.transactions import KickTaken, MessagePresented, Transaction


class Bench:
    """Same drivers, monitors, checks and scoreboard as the pyuvm environment, in plain cocotb.

    ::

        @cocotb.test(timeout_time=1, timeout_unit="ms")
        async def one_message(dut):
            bench = Bench(dut)
            await bench.start()
            await bench.negotiate()
            ...
            await bench.finish("messages")

    Args:
        dut: the design.
        knobs: behaviour of its partners.
        config: what it was built with.
        fast: whether *dut* is the harness of the fast path.
        run: seed and files of the run.

    Attributes:
        interface: all drivers and monitors, see EndpointInterface.
        config: the EndpointConfig.
        driver: the MmioDriver over the bench's registers: everything that a driver does, step by step.
        scoreboard: the Scoreboard, with ``reference`` (the reference model) and ``statistics``.
        messages: every MessagePresented since the start.
        kicks: every KickTaken since the start.
    """

    def __init__(
        self,
        dut: Dut,
        knobs: Knobs = Knobs(),
        config: EndpointConfig = EndpointConfig(),
        fast: bool = False,
        run: RunSettings = RunSettings(),
    ) -> None:
        self.config = config
        self._run = run
        self.interface = interface = bind(dut, config, knobs, fast)
        self.driver = MmioDriver(interface.registers, msi_feature_bit=config.msi_feature_bit, messages=self.message_of)
        Recorder.attach_if_asked(interface, run)
        self.checks = AlwaysOn(interface)
        self.scoreboard = scoreboard = Scoreboard(config, interface.clock, run)
        self.messages: list[MessagePresented] = []
        self.kicks: list[KickTaken] = []
        interface.observe(scoreboard.observe)
        scoreboard.coverage.attach(interface)
        interface.write_monitor.on_accepted(scoreboard.write_accepted)
        interface.write_monitor.on_responded(scoreboard.write_responded)
        interface.read_monitor.on_responded(scoreboard.read_responded)
        interface.state_monitor.on_features(scoreboard.features_shown)
        interface.state_monitor.on_status(scoreboard.status_shown)
        interface.message_monitor.add_callback(self._message)
        interface.kick_monitor.add_callback(self.kicks.append)

    def _message(self, transaction: Transaction) -> None:
        if isinstance(transaction, MessagePresented):
            self.messages.append(transaction)

    async def start(self) -> None:
        """Reset the design through aresetn."""
        cocotb.log.info("seed %s, %s", self._run.seed, self.config)
        dump_on_failure(self.scoreboard)
        await self.interface.clock.reset()

    async def finish(self, *expected: str) -> None:
        """Wait until the ports are quiet and let the scoreboard make its end-of-test check.

        Args:
            expected: kinds of transaction the test must have shown, such as "messages".
        """
        await self.interface.quiet()
        Recorder.save_if_asked()
        await check_port_state(self.interface, self.scoreboard)
        self.scoreboard.finish(expected)
        await self.interface.clock.edge  # a simulation must not end in the time step of a write

    async def cycles(self, count: int) -> None:
        """Wait for *count* clock cycles."""
        await self.interface.clock.cycles(count)

    async def read(self, register: int) -> int:
        """Read a register by name (a ``Register``) or byte address."""
        return await self.driver.read(register)

    async def write(self, register: int, value: int, size: int = 4) -> None:
        """Write *size* bytes (1, 2 or 4) at a register or byte address, on the byte lanes they belong to."""
        lane = register % 4 if size < 4 else 0
        await self.interface.registers.write(register, value << 8 * lane, ((1 << size) - 1) << lane)

    async def command(self, command: MsiCommand, vector: int | None = None) -> None:
        """Give an MSI command, after selecting *vector* if one is named."""
        await self.driver.command(command, vector)

    async def configure(self, vector: int, address: int, data: int) -> None:
        """Give a vector its message address and data."""
        await self.driver.configure(vector, address, data)

    async def negotiate(self, features: int | None = None) -> int:
        """Reset by Status, acknowledge, accept features; returns Status as it reads back.

        Args:
            features: bits to accept; None for everything offered.
        """
        features = self.config.offered_features if features is None else features
        await self.write(Register.STATUS, 0)
        await self.write(Register.STATUS, StatusBit.ACKNOWLEDGE)
        await self.write(Register.STATUS, StatusBit.ACKNOWLEDGE | StatusBit.DRIVER)
        for word in (1, 0):
            await self.write(Register.DRIVER_FEATURES_SEL, word)
            await self.write(Register.DRIVER_FEATURES, features >> 32 * word & 0xFFFFFFFF)
        await self.write(Register.STATUS, StatusBit.ACKNOWLEDGE | StatusBit.DRIVER | StatusBit.FEATURES_OK)
        return await self.read(Register.STATUS)

    async def enable_queue(self, queue: int, entries: int | None = None, base: int = 0x8000_0000) -> None:
        """Configure a queue with rings at made-up addresses above *base* and make it ready.

        Args:
            entries: queue size; None for the most the endpoint allows.
        """
        entries = self.config.queue_num_max if entries is None else entries
        await self.write(Register.QUEUE_SEL, queue)
        await self.write(Register.QUEUE_NUM, entries)
        for part, register in enumerate(
            (Register.QUEUE_DESC_LOW, Register.QUEUE_DRIVER_LOW, Register.QUEUE_DEVICE_LOW)
        ):
            address = base + (queue * 3 + part << 16)
            await self.write(register, address & 0xFFFFFFFF)
            await self.write(register + 4, address >> 32)
        await self.write(Register.QUEUE_READY, 1)

    async def driver_ok(self) -> None:
        """Set DRIVER_OK on top of what Status holds."""
        await self.driver.driver_ok()

    async def event(self, index: int) -> int | None:
        """The device raises an event (0: configuration change, q+1: used buffer on queue q).

        Returns the cycle of its acceptance, None when a reset cut the event off.
        """
        return await self.interface.event_source.send(index)

    async def bring_up(self, msi: bool = True) -> None:
        """Everything a driver does before it works: negotiate, all queues ready, vectors configured as
        :meth:`message_of` says and, in sharing mode, mapped in order, MSI enabled, DRIVER_OK.

        Args:
            msi: False to leave MSI off and use the interrupt line.
        """
        config = self.config
        status = await self.negotiate()
        assert status & StatusBit.FEATURES_OK, f"features refused: Status {status:#x}"
        for queue in range(config.num_queues):
            await self.enable_queue(queue)
        if msi:
            for vector in range(config.num_vectors):
                await self.configure(vector, *self.message_of(vector))
            if config.msi_sharing:
                for event in range(config.num_queues + 1):
                    await self.driver.map(event, event % config.num_vectors)
            await self.driver.enable_msi()
        await self.driver_ok()

    @staticmethod
    def message_of(vector: int) -> tuple[int, int]:
        """Address, above 4 GiB, and data that :meth:`bring_up` gives a vector."""
        return 0x1_FEE0_0000 + 0x10 * vector, 0x4000_0000 + vector
