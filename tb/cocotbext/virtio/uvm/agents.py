# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Agents: one generic monitor and agent over the bfm's monitors, and the drivers of sequence items."""

from collections.abc import Callable
from typing import Any

from cocotbext.virtio.bfm.axil_registers import check_response
from pyuvm import (
    uvm_agent,
    uvm_analysis_port,
    uvm_component,
    uvm_driver,
    uvm_monitor,
    uvm_sequencer,
    uvm_subscriber,
)

Subscribe = Callable[[Callable[[Any], None]], None]  # connects a callback to a bfm's monitor


class UvmMonitor(uvm_monitor):
    """Publishes what bfm monitors see.

    Attributes:
        sources: set by the agent: name of an analysis port -> how to subscribe to what it publishes. Each port is
            an attribute of that name.
    """

    sources: dict[str, Subscribe] = {}

    def build_phase(self) -> None:
        super().build_phase()
        for name in self.sources:
            setattr(self, name, uvm_analysis_port(name, self))

    def connect_phase(self) -> None:
        for name, subscribe in self.sources.items():
            subscribe(getattr(self, name).write)


class UvmAgent(uvm_agent):
    """A monitor; when active and there is a driver of sequence items, that driver and its sequencer.

    Attributes:
        sources: of the monitor, see :class:`UvmMonitor`.
        driver_class: class of the driver; None where the bfm answers by itself, or is passive.
    """

    sources: dict[str, Subscribe] = {}
    driver_class: type[uvm_driver] | None = None

    def build_phase(self) -> None:
        super().build_phase()
        self.monitor = UvmMonitor.create("monitor", self)
        self.monitor.sources = self.sources
        self.driver = self.sequencer = None
        if self.driver_class is not None and self.active():
            self.sequencer = uvm_sequencer.create("sequencer", self)
            self.driver = self.driver_class.create("driver", self)

    def connect_phase(self) -> None:
        if self.driver is not None and self.sequencer is not None:
            self.driver.seq_item_port.connect(self.sequencer.seq_item_export)


class Subscriber(uvm_subscriber):
    """Hands every transaction to a function.

    Args:
        name, parent: of the component.
        deliver: called with every transaction.
    """

    def __init__(self, name: str, parent: uvm_component, deliver: Callable[[Any], None]) -> None:
        super().__init__(name, parent)
        self._deliver = deliver

    def write(self, transaction: object) -> None:
        self._deliver(transaction)


class RegisterDriver(uvm_driver):
    """Carries register items to the design. To reach it another way, override this by the factory."""

    def build_phase(self) -> None:
        super().build_phase()
        self.master = self.cdb_get("INTERFACE").registers

    async def run_phase(self) -> None:
        while True:
            item = await self.seq_item_port.get_next_item()
            if item.posted:
                for access in item.accesses:
                    self.master.submit(access)
            else:
                self.master.submit_all(item.accesses)
                await item.wait()
                for access in item.accesses:
                    check_response(access)
            self.seq_item_port.item_done()


class EventDriver(uvm_driver):
    """Raises events; an item is done when its last event has been accepted."""

    def build_phase(self) -> None:
        super().build_phase()
        self.source = self.cdb_get("INTERFACE").event_source

    async def run_phase(self) -> None:
        while True:
            item = await self.seq_item_port.get_next_item()
            item.cycles = await self.source.burst(item.indices, item.gap)
            self.seq_item_port.item_done()
