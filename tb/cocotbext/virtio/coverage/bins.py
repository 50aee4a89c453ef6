# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The declared bins: everything that a regression over all configurations is to show, and how often.

A group's bins are all combinations of its dimensions. What cannot happen is excluded by name and with a reason, in
sim/coverage/exclusions.toml.
"""

from itertools import product

from cocotbext.virtio.registers import Register

COMMANDS = ("CONFIGURE", "MASK", "UNMASK", "MAP_CONFIG", "MAP_QUEUE")
STATES = tuple(
    " ".join(words) for words in product(("unconfigured", "configured"), ("unmasked", "masked"), ("idle", "pending"))
)
CHANNELS = (
    "s_axil_aw",
    "s_axil_w",
    "s_axil_b",
    "s_axil_ar",
    "s_axil_r",
    "m_axil_aw",
    "m_axil_w",
    "m_axil_b",
    "event_",
    "notify_",
)
SELECTORS = ("QUEUE_SEL", "QUEUE_NOTIFY", "MSI_VEC_SEL", "DEVICE_FEATURES_SEL", "DRIVER_FEATURES_SEL")
AREAS = (
    "identity",
    "features",
    "queue",
    "kick",
    "interrupt",
    "status",
    "shared memory",
    "msi",
    "generation",
    "hole",
    "device config",
    "doorbell",
    "beyond",
)
# What an event may coincide with. It concerns what is written: its vector, its mapping, its queue, its bit.
CORNERS = (
    "MASK",
    "UNMASK",
    "CONFIGURE",
    "CONFIGURE to 0",
    "MAP_CONFIG",
    "MAP_QUEUE",
    "ENABLE",
    "DISABLE",
    "InterruptACK",
    "QueueReady = 1",
    "QueueReady = 0",
    "DRIVER_OK",
    "Status = 0",
)
OFFSETS = ("one cycle before", "same cycle", "one cycle after")
ACTIVITIES = (
    "idle",
    "message waiting",
    "response outstanding",
    "event in the same cycle",
    "write unanswered",
    "read unanswered",
    "kick waiting",
    "vector pending",
    "line up",
)

CORNER_GOAL = 100

# name: (goal of each bin, dimensions)
GROUPS = {
    "command, state of its vector, event of it in the same cycle": (1, (COMMANDS, STATES, ("alone", "with event"))),
    "corner cycles": (CORNER_GOAL, (CORNERS, OFFSETS)),
    "command codes": (
        1,
        (("0", *map(str, range(1, 8)), "above 7", "above 7, low bits of a command"), ("negotiated", "not")),
    ),
    "events to a vector of": (1, (("one event", "two events", "more", "none"), ("config", "used"))),
    "mapping commands": (
        1,
        (("MAP_CONFIG", "MAP_QUEUE"), ("to another", "to the same", "to none", "from none", "refused")),
    ),
    "wait on a channel": (1, (CHANNELS, ("0", "1", "2 to 7", "8 and more"))),
    "reset": (1, (("Status = 0", "aresetn"), ACTIVITIES)),
    "mode switch": (
        1,
        (
            (
                "ENABLE, line down",
                "ENABLE, line up",
                "ENABLE again",
                "DISABLE, nothing pending",
                "DISABLE, vectors pending",
                "DISABLE again",
                "ENABLE within 20 cycles of DISABLE",
                "DISABLE within 20 cycles of ENABLE",
            ),
        ),
    ),
    "selector": (
        1,
        (SELECTORS, ("lowest", "in range", "highest", "first beyond", "alias of one in range", "all ones")),
    ),
    "register": (1, (("read", "written"), tuple(register.name for register in Register))),
    "write": (1, (AREAS, ("no lane", "one lane", "two lanes", "three lanes", "whole"), ("aligned", "unaligned"))),
    "read": (1, (AREAS, ("aligned", "unaligned"))),
    "message answered": (1, (("OKAY", "SLVERR", "DECERR"),)),
}


def declared() -> dict[str, dict[str, int]]:
    """Group -> bin -> goal. A bin's name has its parts joined by " / "."""
    return {
        group: {" / ".join(parts): goal for parts in product(*dimensions)}
        for group, (goal, dimensions) in GROUPS.items()
    }
