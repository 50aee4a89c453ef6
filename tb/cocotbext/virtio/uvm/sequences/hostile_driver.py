# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""A driver that keeps no rule."""

import random

from cocotbext.virtio.bfm.axil_registers import Access
from cocotbext.virtio.config import NO_VECTOR, EndpointConfig
from cocotbext.virtio.registers import CONFIG_WINDOW_OFFSET, MsiCommand, Register, StatusBit
from cocotbext.virtio.uvm.items import RegisterItem
from cocotbext.virtio.uvm.sequences.register_sequence import RegisterSequence


class HostileDriver(RegisterSequence):
    """Anything, in any order, of any width and alignment: mostly where it hurts (MSI commands, selectors,
    Status), sometimes anywhere; one by one, or many at once.

    Args:
        config: what the endpoint was built with.
        rng: source of randomness.
        count: how many items; each has 1 to 8 accesses.
        resets: whether Status = 0 may occur.
    """

    _REGISTERS = {
        Register.MSI_CMD: 12,
        Register.MSI_VEC_SEL: 10,
        Register.STATUS: 4,
        Register.QUEUE_SEL: 5,
        Register.QUEUE_READY: 4,
        Register.QUEUE_NUM: 3,
        Register.QUEUE_NOTIFY: 3,
        Register.MSI_ADDR_LOW: 3,
        Register.MSI_ADDR_HIGH: 2,
        Register.MSI_DATA: 3,
        Register.INTERRUPT_ACK: 3,
    }

    def __init__(self, config: EndpointConfig, rng: random.Random, count: int, resets: bool = True) -> None:
        super().__init__(config)
        self._rng = rng
        self._count = count
        self._resets = resets
        self._every_register = list(Register)

    async def body(self) -> None:
        items = []
        for _ in range(self._count):
            accesses = [self._access() for _ in range(self._rng.choice((1, 1, 2, 3, 8)))]
            posted = self._rng.random() < 0.3
            items.append(await self.carry(RegisterItem.burst(accesses, posted)))
            if not posted:
                items.clear()
        for item in items:
            await item.wait()

    def _access(self) -> Access:
        rng = self._rng
        write = rng.random() < 0.7
        address = self._address()
        register = address if address in self._every_register else None
        data = self._value(register)
        strobe = 0xF if rng.random() < 0.85 else rng.getrandbits(4)
        if rng.random() < 0.08:
            address += rng.randint(1, 3)
        if write and address == Register.STATUS and not data & 0xFF and not self._resets:
            data |= StatusBit.ACKNOWLEDGE
        return Access(write, address % (1 << self.config.addr_width), data, strobe)

    def _address(self) -> int:
        rng = self._rng
        kind = rng.random()
        if kind < 0.6:
            (register,) = rng.choices(list(self._REGISTERS), list(self._REGISTERS.values()))
            return register
        if kind < 0.8:
            return rng.choice(self._every_register)
        if kind < 0.87:
            return CONFIG_WINDOW_OFFSET + rng.randrange(0, self.config.config_bytes + 8, 4)
        if kind < 0.92 and self.config.notify_doorbells:
            return self.config.doorbell(rng.randrange(self.config.num_queues + 2))
        return rng.randrange(0, 1 << self.config.addr_width, 4)

    def _index(self, count: int) -> int:
        """An index that exists, one just beyond, or one that would alias if cut off."""
        rng = self._rng
        inside = rng.randrange(count)
        if rng.random() < 0.7:
            return inside
        return rng.choice(
            (count, count + 1, inside | 1 << rng.randint(11, 31), 1 << 16 | inside, NO_VECTOR, rng.getrandbits(32))
        )

    def _value(self, register: int | None) -> int:
        rng = self._rng
        if register in (Register.MSI_VEC_SEL,):
            return self._index(self.config.num_vectors)
        if register in (Register.QUEUE_SEL, Register.QUEUE_NOTIFY):
            return self._index(self.config.num_queues)
        if register == Register.MSI_CMD:
            return rng.choice(list(MsiCommand)) if rng.random() < 0.9 else rng.getrandbits(rng.choice((4, 32)))
        if register == Register.STATUS:
            kept = StatusBit.ACKNOWLEDGE | StatusBit.DRIVER | StatusBit.FEATURES_OK | StatusBit.DRIVER_OK
            return rng.choice(
                (
                    kept,
                    kept,
                    kept,
                    kept | StatusBit.FAILED,
                    rng.getrandbits(8),
                    rng.getrandbits(32),
                    0 if rng.random() < 0.2 else kept,
                )
            )
        if register == Register.QUEUE_NUM:
            return rng.choice((0, 1, 3, self.config.queue_num_max, self.config.queue_num_max * 2, rng.getrandbits(32)))
        if register in (Register.QUEUE_READY, Register.INTERRUPT_ACK):
            return rng.choice((0, 1, 1, 2, 3, rng.getrandbits(32)))
        if register in (Register.DRIVER_FEATURES_SEL, Register.DEVICE_FEATURES_SEL):
            return rng.choice((0, 1, 2, rng.getrandbits(32)))
        if register == Register.DRIVER_FEATURES:
            return rng.choice((self.config.offered_features & 0xFFFFFFFF, self.config.offered_features >> 32, 0))
        return rng.getrandbits(32)
