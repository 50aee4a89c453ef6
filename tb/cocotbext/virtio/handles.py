# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Names for the types of simulator handles, and the quickest way to read one."""

from collections.abc import Callable
from typing import Any, Protocol

from cocotb.handle import LogicArrayObject, LogicObject

Bit = LogicObject  # a signal of one bit, whose edges can be waited for
Signal = LogicObject | LogicArrayObject  # a signal of any width


class Dut(Protocol):
    """A module instance: its ports and inner signals by name, which the simulator knows and no type does."""

    def __getattr__(self, name: str, /) -> Any: ...


def reader(handle: Signal) -> Callable[[], str]:
    """A function that returns a signal's bits as text; the quickest that the simulator's interface has."""
    try:
        return handle._handle.get_signal_val_binstr
    except AttributeError:
        return lambda: str(handle.value)
