# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What is expected of either side in a random sequence of interrupt steps.

Model(()) is the endpoint, from the rules of docs/interrupts.md. Each known difference changes it in one place; with all
of them it is QEMU.
"""

from collections.abc import Collection

from sim.yardstick.steps import NONE, NOWHERE, QUEUES, VECTORS, Observation, event_of, label, message, vector_of

STATUS_BESIDE_MESSAGES = "status_beside_messages"
BOTH_BITS = "both_bits_of_a_change"
REMAP_FORGETS = "remap_forgets"
ABSENT_VECTOR_UNMAPS = "absent_vector_unmaps"
PENDING_STAYS_AT_OFF = "pending_stays_at_off"
DIFFERENCES = (STATUS_BESIDE_MESSAGES, BOTH_BITS, REMAP_FORGETS, ABSENT_VECTOR_UNMAPS, PENDING_STAYS_AT_OFF)
_USED, _CHANGE = 1, 2  # bits of InterruptStatus, and causes of what is pending


class Model:
    """State and what becomes of it.

    Args:
        differences: of DIFFERENCES, those that this side has.
    """

    def __init__(self, differences: Collection[str]) -> None:
        self._has = frozenset(differences)
        self._clear()

    def run(self, sequence: list[str]) -> list[Observation]:
        """The observation after each step, that of the bring-up first."""
        self._clear()
        self._bring_up()
        return [self._look({}), *(self._look(self._step(*step.split())) for step in sequence)]

    def _clear(self) -> None:
        self._on = self._line = False
        self._status = 0
        self._masked = dict.fromkeys(range(VECTORS), False)
        self._pending = dict.fromkeys(range(VECTORS), 0)  # causes
        self._number = dict.fromkeys(range(VECTORS), 0)
        self._vector: dict[int, int | None] = dict.fromkeys(range(QUEUES + 1))
        self._messages: list[str] = []

    def _bring_up(self) -> None:
        self._clear()
        self._on = True
        self._vector = {event: event for event in self._vector}

    def _step(self, word: str, *arguments: str) -> Observation:
        match word:
            case "bring":
                self._bring_up()
            case "reset":
                self._clear()
            case "used":
                self._event(int(arguments[0]) + 1, _USED)
            case "change":
                self._event(0, _CHANGE)
            case "mask":
                self._masked[int(arguments[0])] = True
            case "unmask":
                self._masked[int(arguments[0])] = False
                self._send(int(arguments[0]))
            case "message":
                self._number[int(arguments[0])] = int(arguments[1])
            case "map":
                self._map(event_of(arguments[0]), vector_of(arguments[1]))
            case "off":
                self._off()
            case "on":
                self._switch_on()
            case "status":
                status, self._status, self._line = self._status, 0, False
                return {"status": status}
            case _:
                raise ValueError(f"no random step: {word}")
        return {}

    def _event(self, event: int, cause: int) -> None:
        if not self._on or STATUS_BESIDE_MESSAGES in self._has:
            self._status |= _USED | _CHANGE if cause == _CHANGE and BOTH_BITS in self._has else cause
        if self._on:
            self._raise(event, cause)
        else:
            self._line = True

    def _raise(self, event: int, cause: int) -> None:
        vector = self._vector[event]
        if vector is not None:
            self._pending[vector] |= cause
            self._send(vector)

    def _send(self, vector: int) -> None:
        if self._on and self._pending[vector] and not self._masked[vector]:
            self._pending[vector] = 0
            self._messages.append(label(*message(vector, self._number[vector])))

    def _map(self, event: int, vector: int | None) -> None:
        if vector == NOWHERE:
            if ABSENT_VECTOR_UNMAPS not in self._has:
                return
            vector = None
        old = self._vector[event]
        self._vector[event] = None
        if REMAP_FORGETS in self._has and old is not None and old not in self._vector.values():
            self._pending[old] = 0
        self._vector[event] = vector
        if REMAP_FORGETS not in self._has and old is not None and vector is not None:
            self._pending[vector] |= self._pending[old]
            self._send(vector)

    def _off(self) -> None:
        self._on = False
        if PENDING_STAYS_AT_OFF not in self._has:
            for vector, causes in self._pending.items():
                self._status |= causes
                self._pending[vector] = 0
            self._line = bool(self._status)

    def _switch_on(self) -> None:
        if self._on:  # MSI-16
            return
        self._on, self._line = True, False
        if PENDING_STAYS_AT_OFF in self._has:
            for vector in range(VECTORS):
                self._send(vector)
            return
        status = self._status
        if STATUS_BESIDE_MESSAGES not in self._has:
            self._status = 0
        if status & _CHANGE:
            self._raise(0, _CHANGE)
        if status & _USED:
            for queue in range(QUEUES):
                self._raise(queue + 1, _USED)

    def _look(self, more: Observation) -> Observation:
        messages, self._messages = sorted(self._messages), []
        return {
            "messages": messages,
            "pending": [vector for vector, causes in self._pending.items() if causes],
            "line": int(self._line),
            "vectors": [NONE if (vector := self._vector[queue + 1]) is None else vector for queue in range(QUEUES)],
            "needs reset": 0,
        } | more
