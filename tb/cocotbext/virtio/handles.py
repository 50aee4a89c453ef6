# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Names for the types of simulator handles."""

from typing import Any, Protocol

from cocotb.handle import LogicArrayObject, LogicObject

Bit = LogicObject  # a signal of one bit, whose edges can be waited for
Signal = LogicObject | LogicArrayObject  # a signal of any width


class Dut(Protocol):
    """A module instance: its ports and inner signals by name, which the simulator knows and no type does."""

    def __getattr__(self, name: str, /) -> Any: ...
