# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Reference model of the virtio-mmio endpoint: plain Python, knows no simulator."""

from cocotbext.virtio.model.endpoint import EndpointModel
from cocotbext.virtio.model.event_counts import EventCounts
from cocotbext.virtio.model.mismatch import Mismatch
from cocotbext.virtio.model.queues import QueueRow
from cocotbext.virtio.model.timing import Timing

__all__ = ["EventCounts", "EndpointModel", "Mismatch", "QueueRow", "Timing"]
