"""The order of register writes, and what was in force when.

Nothing here knows a register. Writes take effect one after the other, each somewhere between its acceptance and its
response. The state of
everything that only the driver changes is therefore known exactly for each `Slot`, the span from the effect of one
write to the effect of the next; what is uncertain is only which slot a cycle belongs to.
"""

from cocotbext.virtio.model.driver_state import DriverState
from cocotbext.virtio.model.effects import Effect, Nothing


class Slot:
    """The time between the effect of one write and that of the next."""

    __slots__ = (
        "number",
        "accepted",
        "responded",
        "state",
        "effect",
        "alone",
        "committed",
        "causes",
        "waiters",
        "lasts_until",
    )

    def __init__(self, number: int, accepted: int, state: DriverState, effect: Effect, alone: bool):
        self.number = number
        self.accepted = accepted  # cycle in which the write that opens the slot was accepted
        self.responded: int | None = None  # first cycle of its response
        self.state = state
        self.effect = effect
        self.alone = alone  # no earlier write was unanswered when this one was accepted
        self.committed = False  # the cycle of the response is over
        self.causes = {}  # (kind, source) -> possible cause of a message that this write makes
        self.waiters = []  # calls that need this slot to be committed
        self.lasts_until = accepted  # ENABLE: the end of its conversion, known when it is committed

    def __repr__(self):
        return f"Slot({self.number}, {self.accepted}..{self.responded}, {self.effect})"


class Timeline:
    """The slots of the recent past, oldest first."""

    HORIZON = 16384  # cycles: slots that ended earlier are forgotten

    def __init__(self, cycle: int, state: DriverState):
        first = Slot(0, cycle, state, Nothing(), True)
        first.responded = cycle
        first.committed = True
        self.slots = [first]
        self._unanswered = 0  # slots at the end of the list without a response

    @property
    def latest(self) -> Slot:
        """The slot opened by the newest write."""
        return self.slots[-1]

    @property
    def oldest(self) -> int:
        """Number of the oldest slot that is remembered."""
        return self.slots[0].number

    @property
    def outstanding(self) -> list[Slot]:
        """Slots whose write has no response yet, oldest first."""
        return self.slots[len(self.slots) - self._unanswered :]

    def add(self, cycle: int, state: DriverState, effect: Effect) -> Slot:
        """A write was accepted in `cycle`."""
        latest = self.latest
        alone = latest.responded is not None
        slot = Slot(latest.number + 1, cycle, state, effect, alone)
        self.slots.append(slot)
        self._unanswered += 1
        if len(self.slots) > 256 and len(self.slots) - self._unanswered > 128:
            ended = self.slots[128].responded
            if ended is not None and ended < cycle - self.HORIZON:
                del self.slots[:127]
        return slot

    def respond(self, cycle: int) -> Slot | None:
        """The oldest unanswered write was answered; None if there is none."""
        if not self._unanswered:
            return None
        slot = self.slots[len(self.slots) - self._unanswered]
        slot.responded = cycle
        self._unanswered -= 1
        return slot

    def between(self, first: int, last: int) -> list[Slot]:
        """Every slot that may have been in force in some of the cycles `first` to `last`, oldest first.

        A write changes what is seen from the cycle after its acceptance on, and at the latest with its response.
        """
        slots = self.slots
        i = len(slots) - 1
        while i > 0 and slots[i].accepted >= last:
            i -= 1
        end = i + 1
        while i > 0 and (slots[i].responded is None or slots[i].responded > first):
            i -= 1
        return slots[i:end]


class History:
    """One value that only the driver's writes change, for every slot of the recent past."""

    __slots__ = ("_numbers", "_values")

    def __init__(self, value):
        self._numbers = [-1]
        self._values = [value]

    @property
    def latest(self):
        """The newest value."""
        return self._values[-1]

    @property
    def values(self) -> list:
        """Every value that is remembered."""
        return self._values

    def at(self, number: int):
        """The value in slot `number`."""
        for i in range(len(self._numbers) - 1, -1, -1):
            if self._numbers[i] <= number:
                return self._values[i]
        return self._values[0]

    def set(self, number: int, value, oldest: int) -> None:
        """The value from slot `number` on; what ended before slot `oldest` is forgotten."""
        self._numbers.append(number)
        self._values.append(value)
        while len(self._numbers) > 2 and self._numbers[1] <= oldest:
            del self._numbers[0], self._values[0]
