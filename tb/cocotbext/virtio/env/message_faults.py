"""Faults between the message monitor and the scoreboard: overrides of MessagePath."""

from collections import Counter

from cocotbext.virtio.env.message_path import MessagePath
from cocotbext.virtio.transactions import MessagePresented, MessageStarted


class _MessageFault(MessagePath):
    """Damages the message with the number :attr:`victim`, counted from 0, in each of its observations."""

    victim = 2

    def build_phase(self):
        super().build_phase()
        self._seen: Counter[type] = Counter()

    def write(self, observation):
        number = self._seen[type(observation)]
        self._seen[type(observation)] += 1
        if number == self.victim:
            self.damage(observation)
        else:
            super().write(observation)


class DroppedMessage(_MessageFault):
    """One message never happened."""

    def damage(self, observation):
        pass


class DuplicatedMessage(_MessageFault):
    """One message happened twice."""

    def damage(self, observation):
        self.ap.write(observation)
        self.ap.write(observation)


class CorruptedAddress(_MessageFault):
    """One message has a wrong address."""

    def damage(self, observation):
        if isinstance(observation, (MessageStarted, MessagePresented)):
            observation.address ^= 1 << 4
        self.ap.write(observation)


class CorruptedData(_MessageFault):
    """One message has wrong data."""

    def damage(self, observation):
        if isinstance(observation, MessageStarted) and observation.data is not None:
            observation.data ^= 1
        if isinstance(observation, MessagePresented):
            observation.data ^= 1
        self.ap.write(observation)
