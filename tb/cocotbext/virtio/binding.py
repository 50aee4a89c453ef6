# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Chooses between the two ways to an endpoint's ports."""

from cocotbext.virtio.bfm.endpoint_interface import EndpointInterface
from cocotbext.virtio.bfm.knobs import Knobs
from cocotbext.virtio.config import EndpointConfig
from cocotbext.virtio.fast.fast_interface import FastInterface
from cocotbext.virtio.handles import Dut


def bind(dut: Dut, config: EndpointConfig, knobs: Knobs = Knobs(), fast: bool = False) -> EndpointInterface:
    """The interface to a design.

    Args:
        dut: the endpoint, or with *fast* the harness around it (``fast/harness/endpoint_harness.v``).
        config: what the endpoint was built with.
        knobs: behaviour of its partners.
        fast: the ports are driven and sampled in Verilog.
    """
    return (FastInterface if fast else EndpointInterface)(dut, config, knobs)
