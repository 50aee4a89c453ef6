"""The recent past, readable: what a failure report shows."""

from collections import deque

from tb.spec.registers import Register, command_name, name_of


class History:
    """Keeps the last register accesses and the last of everything else.

    Args:
        clocking: for the simulation time of a cycle.
        config: the EndpointConfig, for register names.
        accesses, others: how many to keep.
    """

    def __init__(self, clocking, config, accesses: int = 20, others: int = 20):
        self._clocking = clocking
        self._config = config
        self._accesses: deque = deque(maxlen=accesses)
        self._others: deque = deque(maxlen=others)

    def write(self, write) -> None:
        """Remember a register write."""
        self._accesses.append((write.accepted, self._write_text, write))

    def read(self, read) -> None:
        """Remember a register read."""
        self._accesses.append((read.responded, self._read_text, read))

    def other(self, cycle: int, observation) -> None:
        """Remember anything else that was observed."""
        self._others.append((cycle, repr, observation))

    def _write_text(self, write) -> str:
        text = f"write {name_of(write.address, self._config)} = {write.data:#x}"
        if write.address == Register.MSI_CMD:
            text += f" ({command_name(write.data)})"
        if write.strobe != 0xF:
            text += f" strobe {write.strobe:04b}"
        answered = f"answered in {write.responded}" if write.responded >= 0 else "not answered"
        return f"{text}, {answered}"

    def _read_text(self, read) -> str:
        return f"read  {name_of(read.address, self._config)} -> {read.data:#x}, asked in {read.accepted}"

    def report(self) -> str:
        """The remembered past in order, one line each, with cycle and simulation time."""
        lines = []
        for cycle, text, observation in sorted((*self._accesses, *self._others), key=lambda entry: entry[0]):
            lines.append(f"  {cycle:>8} {self._clocking.time_of(cycle):>12.1f} ns  {text(observation)}")
        return "\n".join(lines) or "  nothing yet"
