# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The test that runs in the simulator: a whole device in RTL as a device of a machine that QEMU runs."""

import json
import logging
import os
import random
from pathlib import Path
from typing import Any

import cocotb
from cocotbext.virtio.transactions import LineLevel, MessagePresented

from sim.cosim.device_interface import DeviceInterface
from sim.cosim.device_surroundings import SURROUNDINGS
from sim.cosim.guest_accesses import serve
from sim.cosim.guest_memory import DmaMemory
from sim.cosim.link import GuestGone, Link
from sim.cosim.machine_device import design_key
from sim.cosim.ring_account import RingAccount
from sim.cosim.traffic import Traffic

RESULT = "cosim.json"  # in the run's folder
PATIENCE = 900  # seconds for the other devices to be built and for QEMU to start
THOUGHT = 256  # cycles in which the engine shows at one of its ports what it goes on with


@cocotb.test(timeout_time=100, timeout_unit="sec")
async def device_in_machine(dut: Any) -> None:
    """The guest's accesses arrive at the register bus, and the device's memory is the guest's.

    $COSIM describes the machine, see sim/cosim/endpoint_in_machine.py. For devices in RTL it has "disk", the file of a
    disk that is to be used instead of one with random content, and "typed", what a terminal answers.
    """
    machine = json.loads(os.environ["COSIM"])
    seed = int(os.environ["COCOTB_RANDOM_SEED"])
    top, parameters = os.environ["COCOTB_TOPLEVEL"].removeprefix("bursts_"), os.environ["DESIGN_PARAMETERS"]
    link = Link(Path(machine["sockets"]) / machine["configurations"][design_key(top, parameters)], PATIENCE)
    rng = random.Random(f"device {seed}")
    memory = DmaMemory(machine["memory"], machine["base"], link)
    interface = DeviceInterface(dut, memory, json.loads(parameters).get("DATA_WIDTH", 64) // 8, rng)
    account = RingAccount(interface, interface.memory, interface.publish)
    surroundings = SURROUNDINGS[top](dut, interface, seed, machine)
    surroundings.config_changes.append(account.config_changed)
    traffic = Traffic(interface)

    def deliver(transaction: object) -> None:
        if isinstance(transaction, LineLevel):
            link.set_line(transaction.level)
        elif isinstance(transaction, MessagePresented):
            link.send_message(transaction.address, transaction.data)

    interface.observe(deliver)
    await interface.clock.reset()

    def busy() -> bool:
        return any([interface.busy, surroundings.busy])  # both look at what has passed since the last call

    try:
        await serve(link, interface.clock, interface.access, busy, THOUGHT)
    except GuestGone:
        log = logging.getLogger("cocotb.machine")
        log.info("cycle %d: %s", interface.clock.cycle, account.describe(memory.look))
        log.info("counts: %s; behind the device: %s", dict(traffic.counts), surroundings.describe())
        raise
    finally:
        link.close()
    account.finish()
    left = interface.memory.left_over()
    assert not left, left
    found = {
        "traffic": traffic.counts,
        "lives": traffic.marks(),
        "cycles": interface.clock.cycle,
        "function": {"requests": sum(account.used.values()), "error": None} | surroundings.describe(),
        "messages": [[address, data, number] for (address, data), number in traffic.messages.items()],
        "queues": account.used,
        "silent": account.silent,
        "beats": interface.memory.beats,
    }
    Path(RESULT).write_text(json.dumps(found, indent=1))
    figures = {"lost": account.lost, "without_cause": account.without_cause, "held_by_mask": 0}
    Path(os.environ["RUN_STATISTICS"]).write_text(json.dumps(figures))
    await interface.clock.edge  # a simulation must not end in the time step of a write
