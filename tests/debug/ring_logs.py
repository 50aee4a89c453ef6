# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Run logs of rings, made by the driver and the device on paper that the order rules are tested with."""

import json

from tests.checks import paper_device as paper
from tests.debug.run_logs import RUN

REQUEST = ((16, False), (512, True), (1, True))


def logged(kind=paper.SplitPaper, *faults, **options):
    """A paper device of that class whose trace writes the lines of a run log into its `records`."""

    class Logged(kind):
        def start(self):
            self.records = [RUN]
            self.trace.log = self.log
            super().start()

        def log(self, kind, fields):
            self.records.append(json.loads(json.dumps({"kind": kind, **fields}, default=bytes.hex)))

        def line(self, level):
            """The interrupt line changes; when it rises the driver is told."""
            self.records.append({"kind": "LineLevel", "cycle": self.now, "level": level})
            if level:
                self.trace.notified(self.now, None)

        def message(self):
            """The queue's message."""
            self.now += 5
            self.records.append({"kind": "MessageStarted", "cycle": self.now, "address": 0xFEE00000, "data": 1})
            self.records.append({"kind": "Attributed", "presented": self.now, "vectors": [1]})
            self.trace.notified(self.now, 0, address=0xFEE0_0000, data=1, vector=1)
            self.now += 5

        def one(self, parts=REQUEST, indirect=False, notify=False):
            """One buffer, from available to used."""
            self.give(list(parts), indirect)
            self.kick()
            self.serve(notify)
            self.now += 20

    return Logged(*faults, **options)


def told_and_not_told():
    """Chain 0 has a message of its own, 1 and 2 share one, of 3 the driver wants to hear nothing, 4 is never used."""
    device = logged()
    device.one()
    device.message()
    device.one()
    device.one([(40, True)], indirect=True)
    device.message()
    device.put(device.layout.driver_area, 1, 2)  # NO_INTERRUPT
    device.one()
    device.give([(24, False)])
    device.now += 50
    device.trace.settled(device.now)
    return device.records


def many(count):
    """So many chains, each with its message."""
    device = logged()
    for _ in range(count):
        device.one([(8, False), (8, True)])
        device.message()
    return device.records
