# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Rules of an AXI4 memory master, judged from what its slave samples. Knows no simulator.

The slave calls a method for what it sees. Every violation goes to one callback as (cycle, text), so that a foreign
device's faults can be collected instead of ending the test at the first one.
"""

from collections.abc import Callable

from cocotbext.virtio.checks.violation import fail

FIXED, INCR, WRAP = range(3)
BURST_NAMES = ("FIXED", "INCR", "WRAP", "reserved")
PAGE = 4096  # no burst crosses a boundary of so many bytes


class AxiMasterRules:
    """Judges addresses, data, handshakes and counts of one AXI4 master.

    Args:
        prefix: of the signal names in the texts, such as ``m_axi``.
        word: bytes of a bus word.
        report: called with (cycle, text) on a violation.
        reads, writes: most transactions that may be outstanding; None for any number.
        max_beats: longest burst that the master may send.
        answer_limit: cycles that an answer may wait for its READY, or data for its VALID; None for any number.
    """

    def __init__(
        self,
        prefix: str,
        word: int,
        report: Callable[[int, str], None] = fail,
        *,
        reads: int | None = None,
        writes: int | None = None,
        max_beats: int = 256,
        answer_limit: int | None = None,
    ) -> None:
        self._prefix, self._word, self._report = prefix, word, report
        self._limits = {"ar": reads, "aw": writes}
        self._max_beats = max_beats
        self.answer_limit = answer_limit
        self.violations = 0

    def violated(self, cycle: int, channel: str, text: str) -> None:
        """Report *text* about a channel: ``ar``, ``r``, ``aw``, ``w`` or ``b``."""
        self.violations += 1
        self._report(cycle, f"{self._prefix}_{channel}: {text}")

    def address(self, cycle: int, channel: str, address: int, beats: int, size: int, burst: int) -> bool:
        """A burst was presented on ``ar`` or ``aw``; returns whether a memory can serve it.

        Args:
            beats: 1 to 256; size: bytes of a beat; burst: AxBURST.
        """
        good = True
        if burst != INCR:
            self.violated(cycle, channel, f"burst at {address:#x} is {BURST_NAMES[burst]}, not INCR")
            good = beats == 1  # which is the same whatever the burst is called
        if size > self._word:
            self.violated(cycle, channel, f"beats of {size} bytes on a bus of {self._word} (burst at {address:#x})")
            good = False
        if beats > self._max_beats:
            self.violated(cycle, channel, f"burst of {beats} beats at {address:#x}, {self._max_beats} at most")
        last = (address // size * size) + beats * size - 1
        if address // PAGE != last // PAGE:
            self.violated(cycle, channel, f"burst crosses a 4 KB boundary: {address:#x} to {last:#x}")
        return good

    def outstanding(self, cycle: int, channel: str, count: int) -> None:
        """So many transactions are outstanding with the one just accepted on ``ar`` or ``aw``."""
        limit = self._limits[channel]
        if limit is not None and count > limit:
            self.violated(cycle, channel, f"{count} transactions outstanding, {limit} at most")

    def withdrawn(self, cycle: int, channel: str, presented: int) -> None:
        """VALID went low before READY."""
        self.violated(cycle, channel, f"valid withdrawn before ready (presented in cycle {presented})")

    def changed(self, cycle: int, channel: str, presented: int) -> None:
        """The payload changed while it waited."""
        self.violated(cycle, channel, f"payload changed while waiting (presented in cycle {presented})")

    def unknown(self, cycle: int, channel: str, name: str) -> None:
        """A signal that counts in this cycle has unknown bits."""
        self.violated(cycle, channel, f"{name} has unknown bits")

    def data(self, cycle: int, address: int, index: int, beats: int, size: int, strobes: int, last: bool) -> None:
        """A beat of a write burst was taken and its place in the burst is known.

        Args:
            address: of the burst; index: number of the beat; strobes: WSTRB; last: WLAST.
        """
        if last != (index == beats - 1):
            text = "wlast is missing in" if index == beats - 1 else "wlast is set in"
            self.violated(cycle, "w", f"{text} beat {index + 1} of {beats} (burst at {address:#x})")
        aligned = address // size * size
        start = address if index == 0 else aligned + index * size
        lanes = ((1 << aligned + (index + 1) * size - start) - 1) << start % self._word
        if strobes & ~lanes:
            self.violated(
                cycle,
                "w",
                f"strobes {strobes:#x} outside of the lanes {lanes:#x} of beat {index + 1} (burst at {address:#x})",
            )

    def in_reset(self, cycle: int, channel: str) -> None:
        """VALID is high, or unknown, in reset or in the first cycle behind."""
        self.violated(cycle, channel, "valid is not low in reset")

    def waited(self, cycle: int, channel: str, what: str, since: int) -> None:
        """The master has not taken, or not sent, something in time."""
        self.violated(cycle, channel, f"{what} for {cycle - since} cycles")
