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
PATIENCE = 300  # seconds for the other devices to be built and for QEMU to start


@pyuvm.test(timeout_time=100, timeout_unit="sec")
class EndpointInMachine(EndpointTest):
    """The guest's accesses arrive through the register agent, scoreboard and checks watch as always.

    $COSIM describes the machine: a JSON object with "sockets", a folder with a socket for each configuration,
    "memory", the file of the guest's memory, "base", its address there, "insists" for make_function, and
    "configurations", their names by content.
    """

    expected = ("register reads", "register writes")

    async def body(self):
        machine = json.loads(os.environ["COSIM"])
        interface = self.interface
        seed = int(os.environ["COCOTB_RANDOM_SEED"])
        name = machine["configurations"][self.config.to_json()]
        link = Link(Path(machine["sockets"]) / name, PATIENCE)
        memory = GuestMemory(machine["memory"], machine["base"], link)
        function = make_function(interface, memory, seed, machine["insists"])
        traffic = Traffic(interface)

        def deliver(observation):
            if isinstance(observation, LineLevel):
                link.set_line(observation.level)
            elif isinstance(observation, MessagePresented):
                link.send_message(observation.address, observation.data)

        interface.observe(deliver)
        try:
            await GuestSequence(self.config, interface, function, link).start(self.env.registers.sequencer)
        except GuestGone:
            self.logger.info("the last that happened, by cycle:\n%s", self.env.scoreboard.core.recent())
            self.logger.info("the queues: %s", function.queues() or "none")
            raise
        finally:
            link.close()
        found = {
            "traffic": traffic.counts,
            "cycles": interface.clocking.cycle,
            "function": describe(function),
            "messages": [[address, data, number] for (address, data), number in traffic.messages.items()],
        }
        Path(RESULT).write_text(json.dumps(found, indent=1))
        assert not function.error, f"the guest's driver broke a rule: {function.error}"
