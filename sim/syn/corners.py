# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Corners of the parameter space, to be synthesised: is the result what it should be, and no larger than it should
be?"""

import re
from dataclasses import dataclass

from cocotbext.virtio.config import EndpointConfig

from sim.flow.errors import FlowError
from sim.syn import run
from sim.syn.matrix import endpoint
from sim.syn.subject import Subject


@dataclass(frozen=True)
class Corner:
    """Parameters, and bounds of what they may cost on ECP5: about a third above what they do."""

    name: str
    configuration: EndpointConfig
    lut4: int
    ff: int


CORNERS = (
    Corner("1 queue, 1 vector", EndpointConfig(num_queues=1, num_vectors=1), 1900, 1600),
    Corner("1 queue, 1 vector, sharing", EndpointConfig(num_queues=1, num_vectors=1, msi_sharing=1), 1900, 1600),
    Corner("1 queue, 17 vectors, sharing", EndpointConfig(num_queues=1, num_vectors=17, msi_sharing=1), 2900, 1800),
    Corner("no MSI", EndpointConfig(num_queues=4, msi_support=0), 1700, 900),
    Corner(
        "doorbells 12 bytes apart",
        EndpointConfig(num_queues=5, notify_doorbells=1, notify_multiplier=12, addr_width=13),
        2600,
        1400,
    ),
    Corner("no configuration", EndpointConfig(config_bytes=0, addr_width=9), 2200, 1300),
    Corner(
        "the most of everything else",
        EndpointConfig(config_bytes=4096, addr_width=64, queue_num_max=32768, device_features=0xFFFF_FE7F_FFFF_FFFF),
        2500,
        1400,
    ),
    Corner("1024 queues, 1 vector, sharing", EndpointConfig(num_queues=1024, num_vectors=1, msi_sharing=1), 5500, 2200),
    Corner("1024 queues, 2048 vectors", EndpointConfig(num_queues=1024, num_vectors=2048), 9500, 2600),
    Corner(
        "1024 queues, 2048 vectors, sharing",
        EndpointConfig(num_queues=1024, num_vectors=2048, msi_sharing=1),
        11000,
        2600,
    ),
)

# Per entry of a table, whose entries are queues or vectors. Beyond so many entries it must be in RAM; Yosys still makes
# flip-flops of somewhat larger tables if they hold but a bit for each entry.
_PER_VECTOR = ("message_writer.table_ram", "vector_state")
_WORDS, _BITS = 16, 64


def problems(corner: Corner) -> list[str]:
    """What is wrong with the synthesised corner, in words; that it does not synthesise at all, too."""
    subject = Subject("ecp5", f"corner {corner.name}", endpoint(corner.configuration), aim=0)
    try:
        cells = run.synthesise(subject)
    except FlowError as error:
        return [str(error)]
    log = (run.directory(subject) / "yosys.log").read_text()
    found = re.findall(r"Latch inferred for signal .*", log)
    found += [
        f"Yosys's check: {number} problems"
        for number in re.findall(r"Found and reported (\d+) problems", log)
        if number != "0"
    ]
    found += [
        f"memory in flip-flops: {name}"
        for name in re.findall(r"using FF mapping for memory \w+\.(\S+)", log)
        if _must_be_ram(name, corner.configuration)
    ]
    for name in ("lut4", "ff"):
        counted, bound = getattr(cells, name), getattr(corner, name)
        if counted > bound:
            found.append(f"{counted:,} {name} instead of at most {bound:,}")
    return found


def _must_be_ram(memory: str, configuration: EndpointConfig) -> bool:
    entries = configuration.num_vectors if memory.startswith(_PER_VECTOR) else configuration.num_queues
    return entries > (_BITS if ".rows." in memory else _WORDS)
