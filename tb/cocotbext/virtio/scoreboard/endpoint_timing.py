# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""How fast the endpoint in rtl/ is, for the model to judge more closely than the contract's figures alone allow.

Another endpoint behind this testbench may have other values; `Timing()` suits any that keeps the documented figures.
"""

from cocotbext.virtio.model import Timing

# A message can be due to an event two cycles after it at the earliest, is taken one cycle before it is presented, and
# nothing is taken ahead of the message that is presented (rtl/endpoint/virtio_msi_message_writer.v).
ENDPOINT_TIMING = Timing(fastest_message=2, take_latency=1, prefetch=0)
