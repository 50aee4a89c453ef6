# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Feeds the model with a stream of transactions."""

from cocotbext.virtio.config import EndpointConfig
from cocotbext.virtio.model import EndpointModel, EventCounts, Timing


def feed(config: EndpointConfig, stream: list, timing: Timing | None = None) -> EventCounts:
    """Transactions as (cycle, method, arguments), in order. Returns the counts; raises Mismatch."""
    model = EndpointModel(config, timing)
    for _, name, arguments in stream:
        getattr(model, name)(*arguments)
    return model.finish(stream[-1][0] + 100)
