# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What the guest says on its serial port."""

import re
from collections import Counter
from dataclasses import dataclass, field


@dataclass
class GuestReport:
    """The lines "cosim: NAME=VALUE" of sw/guest/init, understood.

    Attributes:
        values: name -> value, the last one said.
        interrupts: (device, kind) -> interrupts that Linux counted, over all CPUs and all lives of the driver;
            device is its name in sysfs, kind "line" or "message".
        config_interrupts: the same for the vector of configuration changes, by device.
        countings: how often the guest has read its counters, by device.
        first, last: name and MD5 of each file in /data of a root file system, at first and at the end.
    """

    values: dict[str, str] = field(default_factory=dict)
    interrupts: Counter[tuple[str, str]] = field(default_factory=Counter)
    config_interrupts: Counter[str] = field(default_factory=Counter)
    countings: Counter[str] = field(default_factory=Counter)
    first: dict[str, str] = field(default_factory=dict)
    last: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, serial: str) -> "GuestReport":
        """Read what was printed."""
        report = cls()
        devices: dict[str, str] = {}  # virtioN -> platform device
        for name, value in re.findall(r"^cosim: (\w+)=(.*)$", serial, re.MULTILINE):
            if name == "device":
                platform, virtio = value.split()
                devices[virtio] = platform
            elif name == "counted":
                report.countings[devices.get(value.strip(), value.strip())] += 1
            elif name == "interrupt":
                report._interrupt(value, devices)
            elif name in ("first", "last"):
                file, digest = value.split()
                getattr(report, name)[file] = digest
            else:
                report.values[name] = value.strip()
        return report

    def _interrupt(self, line: str, devices: dict[str, str]) -> None:
        """A line of /proc/interrupts: number, a count for each CPU, controller, ..., name."""
        words = line.split()
        counts = 0
        for word in words[1:]:
            if not word.isdigit():
                break
            counts += int(word)
        name, _, role = words[-1].partition("-")
        device = devices.get(name, name)
        if "pMSI" in words or role:
            self.interrupts[device, "message"] += counts  # the kernel forgets them with the driver
            if role == "config":
                self.config_interrupts[device] += counts
        else:
            self.interrupts[device, "line"] = counts  # those of a line it keeps
