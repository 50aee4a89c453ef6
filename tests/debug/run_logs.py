# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Run logs made by hand, with the lines that tb/cocotbext/virtio/scoreboard/run_log.py writes."""

from dataclasses import asdict

from cocotbext.virtio.config import EndpointConfig
from cocotbext.virtio.registers import InterruptBit, MsiCommand, Register

RUN = {
    "kind": "Run",
    "seed": "1",
    "simulator": "Verilator",
    "config": asdict(EndpointConfig()),
    "first_edge_ns": 5.0,
    "period_ns": 10.0,
}


def write(cycle, register, data, effect=None, **details):
    """A register write, answered three cycles later."""
    lines = [
        {
            "kind": "RegisterWrite",
            "address": int(register),
            "data": int(data),
            "strobe": 15,
            "accepted": cycle,
            "responded": -1,
            "completed": -1,
        }
    ]
    if effect:
        lines.append({"kind": "Effect", "cycle": cycle, "effect": effect, "details": details})
    return [*lines, {"kind": "WriteAnswered", "cycle": cycle + 3}]


def read(cycle, register, data):
    """A register read, answered two cycles later."""
    return {
        "kind": "RegisterRead",
        "address": int(register),
        "data": int(data),
        "accepted": cycle,
        "responded": cycle + 2,
        "completed": cycle + 2,
    }


def failed_read():
    """A read that differs from the model at the end of a run, right behind a write of that long a name."""
    return [
        RUN,
        *write(990, Register.DRIVER_FEATURES_SEL, 1),
        read(994, Register.INTERRUPT_STATUS, 0),
        {"kind": "Failed", "cycle": 996, "rule": "MMIO-53", "text": "lost\nmore"},
    ]


def event(cycle, index):
    """An event."""
    return {"kind": "EventAccepted", "cycle": cycle, "index": index}


def message(cycle, vector):
    """A message of a vector, taken at once."""
    return [
        {"kind": "MessageStarted", "cycle": cycle, "address": 0xFEE00000, "data": vector},
        {"kind": "Attributed", "presented": cycle, "vectors": [vector]},
        {
            "kind": "MessagePresented",
            "presented": cycle,
            "taken": cycle,
            "w_taken": cycle,
            "address": 0xFEE00000,
            "data": vector,
        },
        {"kind": "MessageAnswered", "cycle": cycle + 2, "response": 0},
    ]


def coalesced():
    """Two events that a masked vector holds and one message serves; one that is dropped, one acknowledged on the
    line."""
    mask = {"vector": 1, "name": "MASK"}
    return [
        RUN,
        {"kind": "Mode", "cycle": 5, "enabled": True, "driver_ok": True},
        *write(20, Register.MSI_CMD, MsiCommand.MASK, "VectorCommand", **mask),
        {"kind": "SetUp", "cycle": 20, "vector": 1, "masked": True, "address": 0xFEE00000, "data": 1},
        event(30, 1),
        {"kind": "Pending", "cycle": 31, "vector": 1, "pending": "yes"},
        event(40, 1),
        event(45, 2),
        {"kind": "Ended", "cycle": 45, "event": "USED", "how": "dropped_queue", "at": 45},
        *write(56, Register.MSI_CMD, MsiCommand.UNMASK, "VectorCommand", **mask),
        {"kind": "SetUp", "cycle": 56, "vector": 1, "masked": False, "address": 0xFEE00000, "data": 1},
        *message(60, 1),
        {"kind": "Pending", "cycle": 61, "vector": 1, "pending": "no"},
        {"kind": "Delivered", "cycle": 30, "event": "USED", "vector": 1, "presented": 60},
        {"kind": "Delivered", "cycle": 40, "event": "USED", "vector": 1, "presented": 60},
        {"kind": "Mode", "cycle": 70, "enabled": False, "driver_ok": True},
        event(75, 1),
        {"kind": "LineLevel", "cycle": 77, "level": 1},
        {"kind": "Shown", "cycle": 76, "event": "USED", "shown": "yes"},
        *write(90, Register.INTERRUPT_ACK, InterruptBit.USED_BUFFER, "Acknowledge", used=True, config=False),
        {"kind": "Ended", "cycle": 75, "event": "USED", "how": "line_acknowledged", "at": 93},
        {"kind": "Shown", "cycle": 94, "event": "USED", "shown": "no"},
        {"kind": "LineLevel", "cycle": 94, "level": 0},
        {"kind": "Finished", "cycle": 120},
    ]


def busy(count):
    """So many events, each with a message of its own, on three vectors; an access to every event."""
    records = [RUN]
    for number in range(count):
        cycle, source = 10 + 10 * number, number % 3
        records += [
            *write(cycle, Register.MSI_VEC_SEL, source),
            event(cycle + 4, source),
            *message(cycle + 6, source),
            {
                "kind": "Delivered",
                "cycle": cycle + 4,
                "event": "USED" if source else "CONFIG",
                "vector": source,
                "presented": cycle + 6,
            },
        ]
    return records
