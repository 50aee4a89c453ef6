# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The steps of scenarios and random sequences, as text, and what is looked at after each.

A step is one line, so that it reads the same in scenarios.toml, in a report and in a random sequence. After each step
both sides tell an observation: field -> value, the same fields on both.

Interrupts, FIELDS after each step:

=================== ==================================================================================
bring up            Status = 0, features, all vectors with their first message, unmasked; the
                    configuration change on vector 0, queue q on vector q + 1; MSI on; DRIVER_OK
used Q              a buffer of queue Q is used
change              the configuration changes
mask V, unmask V    one vector; "all": function mask of PCI, every vector of the endpoint
message V N         give vector V its message number N
map E V             E: config, queue0, queue1; V: a vector, which need not exist, or none
off, on             MSI
status              read and acknowledge ISR or InterruptStatus
stop Q              take queue Q out of use
reset               Status = 0
=================== ==================================================================================

Registers of virtio-mmio; only the steps that read have an observation, "value":

=================== ==================================================================================
accept BITS         from Status = 0 to FEATURES_OK with these features; reads Status
queue               set queue 0 up and make it ready
request             put a request into queue 0, without a kick
used                how many requests of queue 0 are done
change              the configuration changes
write REGISTER N    by the name of the virtio text, or an offset
read REGISTER       the same
byte OFFSET         a read of one byte
=================== ==================================================================================
"""

QUEUES = 2
VECTORS = 4
NOWHERE = 9  # a vector that does not exist
FIELDS = ("messages", "pending", "line", "vectors", "needs reset", "status")
NONE = "none"
BRING_UP = "bring up"

_ADDRESS = 0xFEE0_0000  # of a local APIC, with the number of its CPU in bits 12 to 19
_DATA = 0x40
MESSAGES = 4  # that a vector can have


def message(vector: int, number: int) -> tuple[int, int]:
    """Message *number* of a vector: (address, data). Each differs from all others in both."""
    unique = 0x10 * number + vector
    return _ADDRESS | unique << 12, _DATA + unique


def label(address: int, data: int) -> str:
    """A message in short: its vector, with a prime for each number above 0; what nobody has set is written out."""
    for number in range(MESSAGES):
        for vector in range(VECTORS):
            if message(vector, number) == (address, data):
                return f"{vector}" + "'" * number
    return f"{data:#x} to {address:#x}"


def vector_of(word: str) -> int | None:
    """The vector in a step."""
    return None if word == NONE else int(word)


def event_of(word: str) -> int:
    """The event in a step: 0 for the configuration change, q + 1 for queue q."""
    return 0 if word == "config" else int(word.removeprefix("queue")) + 1


Observation = dict[str, object]
Sequence = list[str]
