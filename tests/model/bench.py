# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Tells the model, one transaction at a time, what an endpoint might show."""

from cocotbext.virtio.config import EndpointConfig
from cocotbext.virtio.model import EndpointModel, EventCounts, Timing
from cocotbext.virtio.registers import FeatureBit, MsiCommand, Register, StatusBit
from cocotbext.virtio.transactions import (
    DeviceReset,
    EventAccepted,
    FaultReported,
    KickTaken,
    LineLevel,
    MessageAnswered,
    MessagePresented,
    NeedsResetInput,
    RegisterRead,
)

DRIVER_OK = StatusBit.ACKNOWLEDGE | StatusBit.DRIVER | StatusBit.FEATURES_OK | StatusBit.DRIVER_OK
READY = DRIVER_OK & ~StatusBit.DRIVER_OK


class Bench:
    """A model and the present cycle. Accesses take a few cycles and end with their response."""

    def __init__(self, timing: Timing | None = None, **config):
        self.config = EndpointConfig(**config)
        self.model = EndpointModel(self.config, timing)
        self.cycle = 10

    def wait(self, cycles: int = 50):
        """Nothing happens."""
        self.cycle += cycles

    # ------------------------------------------------------------------ register bus
    def accept(self, register: int, data: int, strobe: int = 0xF):
        """A write is accepted now; respond() ends it."""
        self.model.write_accepted(self.cycle, int(register), data & 0xFFFFFFFF, strobe)

    def respond(self):
        """The oldest write is answered now."""
        self.model.write_responded(self.cycle)

    def write(self, register: int, data: int, strobe: int = 0xF):
        """A write, alone on the bus, that ends two cycles later."""
        self.accept(register, data, strobe)
        self.cycle += 2
        self.respond()
        self.cycle += 1

    def read(self, register: int, data: int):
        """A read returns `data`."""
        self.cycle += 2
        self.model.read(RegisterRead(int(register), data, self.cycle - 2, self.cycle))
        self.cycle += 1

    def reset(self):
        """Status = 0, with its pulse."""
        self.accept(Register.STATUS, 0)
        self.cycle += 1
        self.model.device_reset(DeviceReset(self.cycle))
        self.cycle += 2
        self.respond()
        self.cycle += 1

    # ------------------------------------------------------------------ the driver
    def negotiate(self, msi: bool = True, extra: int = 0):
        """Up to FEATURES_OK."""
        features = 1 << FeatureBit.VERSION_1 | extra | (1 << self.config.msi_feature_bit if msi else 0)
        self.write(Register.STATUS, 1)
        self.write(Register.STATUS, 3)
        for word in (1, 0):
            self.write(Register.DRIVER_FEATURES_SEL, word)
            self.write(Register.DRIVER_FEATURES, features >> 32 * word)
        self.write(Register.STATUS, READY)

    def queue(self, queue: int, size: int = 8):
        """A queue becomes ready."""
        self.write(Register.QUEUE_SEL, queue)
        self.write(Register.QUEUE_NUM, size)
        self.write(Register.QUEUE_READY, 1)

    def select(self, vector: int):
        """MsiVecSel."""
        self.write(Register.MSI_VEC_SEL, vector)

    def command(self, code: MsiCommand, vector: int | None = None):
        """A command, of `vector` if it is given."""
        if vector is not None:
            self.select(vector)
        self.write(Register.MSI_CMD, code)

    def stage(self, vector: int, address: int, data: int):
        """All of CONFIGURE but the command."""
        self.select(vector)
        self.write(Register.MSI_ADDR_LOW, address)
        self.write(Register.MSI_ADDR_HIGH, address >> 32)
        self.write(Register.MSI_DATA, data)

    def configure(self, vector: int, address: int, data: int):
        """CONFIGURE."""
        self.stage(vector, address, data)
        self.command(MsiCommand.CONFIGURE)

    def map_queue(self, queue: int, vector: int):
        """MAP_QUEUE."""
        self.write(Register.QUEUE_SEL, queue)
        self.command(MsiCommand.MAP_QUEUE, vector)

    def bring_up(self, enable: bool = True, driver_ok: bool = True) -> "Bench":
        """All vectors configured with message(), all queues ready; in sharing mode queue q on vector q+1."""
        self.negotiate()
        for vector in range(self.config.num_vectors):
            self.configure(vector, *self.message_of(vector))
        for queue in range(self.config.num_queues):
            self.queue(queue)
            if self.config.msi_sharing:
                self.map_queue(queue, queue + 1)
        if self.config.msi_sharing:
            self.command(MsiCommand.MAP_CONFIG, 0)
        if enable:
            self.command(MsiCommand.ENABLE)
        if driver_ok:
            self.start()
        return self

    def start(self):
        """DRIVER_OK, and the kicks that it causes."""
        self.write(Register.STATUS, DRIVER_OK)
        for queue in range(self.config.num_queues):
            if self.model.queue_lookup(queue).ready:
                self.kick(queue, queue)

    @staticmethod
    def message_of(vector: int) -> tuple[int, int]:
        """Address and data that bring_up() gives a vector."""
        return 0xFEE00000 + 0x10 * vector, 0x40 + vector

    # ------------------------------------------------------------------ the device and the message bus
    def event(self, index: int):
        """An event is accepted now."""
        self.model.event(EventAccepted(self.cycle, index))

    def message(self, vector: int = -1, pair: tuple[int, int] | None = None, response: int = 0):
        """A message is presented and taken two cycles from now, and answered after that."""
        self.cycle += 2
        address, data = pair or self.message_of(vector)
        self.model.message_started(self.cycle, address, data)
        self.model.message(MessagePresented(self.cycle, self.cycle, self.cycle, address, data))
        self.cycle += 1
        self.model.answer(MessageAnswered(self.cycle, response))
        self.cycle += 1

    def fault(self, vector: int):
        """msi_error_valid."""
        self.model.fault(FaultReported(self.cycle, vector))

    def line(self, level: int):
        """irq changes now."""
        self.model.line(LineLevel(self.cycle, level))

    def kick(self, queue: int, data: int):
        """The device takes a kick now."""
        self.model.kick(KickTaken(self.cycle, queue, data))
        self.cycle += 1

    def needs_reset(self, level: int):
        """The needs_reset input changes."""
        self.model.needs_reset_input(NeedsResetInput(self.cycle, level))

    def finish(self) -> EventCounts:
        """Long after, the counts."""
        self.wait(200)
        return self.model.finish(self.cycle)
