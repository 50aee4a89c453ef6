# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The test that runs in the simulator: the endpoint as a device of a machine that QEMU runs."""

import json
import os
from pathlib import Path

import pyuvm
from cocotbext.virtio.transactions import LineLevel, MessagePresented

from sim.cosim.functions import describe, make_function
from sim.cosim.guest_memory import GuestMemory
from sim.cosim.guest_sequence import GuestSequence
from sim.cosim.link import GuestGone, Link
from sim.cosim.traffic import Traffic
from tb.tests.support.base import EndpointTest

RESULT = "cosim.json"  # in the run's folder
PATIENCE = 900  # seconds for the other devices to be built and for QEMU to start


@pyuvm.test(timeout_time=100, timeout_unit="sec")
class EndpointInMachine(EndpointTest):
    """The guest's accesses arrive through the register agent, scoreboard and checks watch as always.

    $COSIM describes the machine: a JSON object with "sockets", a folder with a socket for each configuration,
    "memory", the file of the guest's memory, "base", its address there, "insists" for make_function, and
    "configurations", their names by content.
    """

    expected = ("register reads", "register writes")

    async def body(self) -> None:
        machine = json.loads(os.environ["COSIM"])
        interface = self.interface
        seed = int(os.environ["COCOTB_RANDOM_SEED"])
        name = machine["configurations"][self.config.to_json()]
        link = Link(Path(machine["sockets"]) / name, PATIENCE)
        memory = GuestMemory(machine["memory"], machine["base"], link)
        service = make_function(interface, memory, seed, machine["insists"])
        traffic = Traffic(interface)

        def deliver(transaction: object) -> None:
            if isinstance(transaction, LineLevel):
                link.set_line(transaction.level)
            elif isinstance(transaction, MessagePresented):
                link.send_message(transaction.address, transaction.data)

        interface.observe(deliver)
        try:
            await GuestSequence(self.config, interface, service, link).start(self.env.registers.sequencer)
        except GuestGone:
            self.logger.info("the last that happened, by cycle:\n%s", self.env.scoreboard.core.recent_activity())
            self.logger.info("the queues: %s", service.queues() or "none")
            raise
        finally:
            link.close()
        found = {
            "traffic": traffic.counts,
            "lives": traffic.marks(),
            "cycles": interface.clock.cycle,
            "function": describe(service.function),
            "messages": [[address, data, number] for (address, data), number in traffic.messages.items()],
        }
        Path(RESULT).write_text(json.dumps(found, indent=1))
        error = service.function.error
        assert not error, f"the guest's driver broke a rule: {error}"
