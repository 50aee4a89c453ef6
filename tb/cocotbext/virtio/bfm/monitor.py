# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Base of the passive monitors."""

from collections.abc import Callable
from typing import Any


class Monitor:
    """Publishes transactions (``cocotbext.virtio.transactions``) to whoever asked for them."""

    def __init__(self) -> None:
        self._callbacks: list[Callable[[Any], None]] = []

    def add_callback(self, callback: Callable[[Any], None]) -> None:
        """Call *callback* with every transaction, in the cycle in which the monitor sees it."""
        self._callbacks.append(callback)

    def _publish(self, transaction: Any) -> None:
        for callback in self._callbacks:
            callback(transaction)
