# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Keeps which vector each event goes to."""

from cocotbext.virtio.model.context import Context
from cocotbext.virtio.model.register_states import History, StateSpan


class EventMap:
    """The mapping of every event source: 0 = configuration change, q+1 = used buffer on queue q."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._mapped: dict[int, History[int | None]] = {}

    def default(self, source: int) -> int | None:
        """The vector after reset: none with sharing; without it the event's own vector, if that exists."""
        config = self._context.config
        return None if config.msi_sharing or source >= config.num_vectors else source

    def at(self, source: int, span: StateSpan) -> int | None:
        """The vector in `span`, None for none."""
        history = self._mapped.get(source)
        return self.default(source) if history is None else history.at(span.number)

    def before(self, source: int, span: StateSpan) -> int | None:
        """The vector before the write that opens `span`, None for none."""
        history = self._mapped.get(source)
        return self.default(source) if history is None else history.at(span.number - 1)

    def set(self, source: int, span: StateSpan, vector: int | None) -> None:
        """Map the source to a vector from `span` on."""
        history = self._mapped.get(source)
        if history is None:
            history = self._mapped[source] = History(self.default(source))
        history.set(span.number, vector, self._context.states.oldest)

    def reset(self, span: StateSpan) -> None:
        """Every source has its default from `span` on."""
        for source, history in self._mapped.items():
            if history.latest != self.default(source):
                self.set(source, span, self.default(source))
