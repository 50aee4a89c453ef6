# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Checks that each message answered with an error is reported once (rule 13)."""

from collections import deque

from cocotbext.virtio.model.context import Context
from cocotbext.virtio.model.mismatch import Mismatch


class Faults:
    """Pairs error responses with what msi_error_* reports."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._errors: deque[tuple[int, list[int]]] = deque()
        self._reports: deque[tuple[int, int]] = deque()

    def error(self, cycle: int, vectors: list[int]) -> None:
        """A message of one of these vectors was answered with an error."""
        self._errors.append((cycle, vectors))
        self._context.end_of_cycle.at_end_of(cycle + self._context.timing.fault, self._overdue, cycle)
        self._pair()

    def reported(self, cycle: int, vector: int) -> None:
        """msi_error_valid. Raises Mismatch."""
        self._reports.append((cycle, vector))
        self._context.end_of_cycle.at_end_of(cycle, self._unasked, cycle)
        self._pair()

    def _pair(self) -> None:
        while self._errors and self._reports:
            cycle, vectors = self._errors.popleft()
            reported, vector = self._reports.popleft()
            if vector not in vectors:
                raise Mismatch(
                    "rule 13",
                    f"msi_error_vector is {vector} in cycle {reported}, but the message that "
                    f"failed in cycle {cycle} was of vector {' or '.join(map(str, vectors))}",
                )
            self._context.counts.faults += 1

    def _overdue(self, cycle: int) -> None:
        if self._errors and self._errors[0][0] == cycle:
            raise Mismatch(
                "rule 13",
                f"the message of vector {self._errors[0][1][0]} that failed in cycle {cycle} "
                f"was not reported by cycle {self._context.now}",
            )

    def _unasked(self, cycle: int) -> None:
        if self._reports and self._reports[0][0] == cycle:
            raise Mismatch(
                "rule 13", f"msi_error_valid for vector {self._reports[0][1]} in cycle {cycle}, but no message failed"
            )
