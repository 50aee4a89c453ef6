# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Tells a listener what the model concludes: which message served which event, and why another did not."""

from collections.abc import Callable

from cocotbext.virtio.model.causes import Kind
from cocotbext.virtio.model.driver_state import Setup
from cocotbext.virtio.model.register_states import StateSpan
from cocotbext.virtio.model.ternary import Ternary


class ModelListener:
    """Base of listeners: its methods do nothing, and a subclass overrides those that it needs.

    All times are cycles. An event is named by the cycle of its acceptance and its kind. Calls come in the order in
    which the model decides, which may be some cycles after what they tell of.
    """

    def wrote(self, span: StateSpan) -> None:
        """A register write was accepted: its effect, and the driver's state from then on."""

    def set_up(self, cycle: int, vector: int, setup: Setup) -> None:
        """A command or a reset, accepted in `cycle`, makes this of a vector."""

    def pending(self, cycle: int, vector: int, value: Ternary) -> None:
        """What is known of a vector's pending bit from `cycle` on."""

    def shown(self, cycle: int, kind: Kind, value: Ternary) -> None:
        """What is known of a bit of InterruptStatus, as a read shows it, from `cycle` on."""

    def raised(self, cycle: int, kind: Kind) -> None:
        """The endpoint itself raises an event: DEVICE_NEEDS_RESET."""

    def message(self, presented: int, vectors: list[int]) -> None:
        """A message was presented that is of one of `vectors`."""

    def delivered(self, cycle: int, kind: Kind, vector: int, presented: int) -> None:
        """An event was served by the message of `vector` that was first presented in cycle `presented`."""

    def ended(self, cycle: int, kind: Kind, how: str, at: int) -> None:
        """An event ended otherwise, in cycle `at`: as one of the other outcomes of the EventCounts says."""


class Listeners(ModelListener):
    """Passes everything on to several listeners, in order."""

    def __init__(self, *listeners: ModelListener) -> None:
        for name in vars(ModelListener):
            if not name.startswith("_"):
                setattr(self, name, _to_all([getattr(listener, name) for listener in listeners]))


def _to_all(calls: list[Callable[..., None]]) -> Callable[..., None]:
    def call(*arguments: object) -> None:
        for each in calls:
            each(*arguments)

    return call
