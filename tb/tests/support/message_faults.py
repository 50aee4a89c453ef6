# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Faults between the message monitor and the scoreboard: overrides of MessagePath."""

from collections import Counter

from cocotbext.virtio.transactions import MessagePresented, MessageStarted
from cocotbext.virtio.uvm.scoreboard import MessagePath


class _MessageFault(MessagePath):
    """Damages the message with the number :attr:`victim`, counted from 0, in each of its transactions."""

    victim = 2

    def build_phase(self):
        super().build_phase()
        self._seen: Counter[type] = Counter()

    def write(self, transaction):
        number = self._seen[type(transaction)]
        self._seen[type(transaction)] += 1
        if number == self.victim:
            self.damage(transaction)
        else:
            super().write(transaction)


class DroppedMessage(_MessageFault):
    """One message never happened."""

    def damage(self, transaction):
        pass


class DuplicatedMessage(_MessageFault):
    """One message happened twice."""

    def damage(self, transaction):
        self.ap.write(transaction)
        self.ap.write(transaction)


class CorruptedAddress(_MessageFault):
    """One message has a wrong address."""

    def damage(self, transaction):
        if isinstance(transaction, (MessageStarted, MessagePresented)):
            transaction.address ^= 1 << 4
        self.ap.write(transaction)


class CorruptedData(_MessageFault):
    """One message has wrong data."""

    def damage(self, transaction):
        if isinstance(transaction, MessageStarted) and transaction.data is not None:
            transaction.data ^= 1
        if isinstance(transaction, MessagePresented):
            transaction.data ^= 1
        self.ap.write(transaction)
