# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Whether the guest and the simulation agree, and what a run shows."""

import hashlib
import re
import zlib

from cocotbext.virtio.devices import BlockDevice, ConsoleDevice, EntropyDevice
from cocotbext.virtio.devices.block import SECTOR
from cocotbext.virtio.devices.net import NetDevice

from sim.cosim import root_file_system
from sim.cosim.functions import DISK_NAME, DISK_SECTORS, GROWTH, first_content
from sim.cosim.guest_report import GuestReport
from sim.cosim.guests import AAVMF, AAVMF_READS, BY_MESSAGE, ON_DISK, UBOOT, UBOOT_SECTORS, WORD
from sim.cosim.machine import Outcome
from sim.cosim.machine_device import MachineDevice
from sim.cosim.mmio_window import MmioWindow

PINGS = "1234"  # those that must be answered, as sw/guest/root_init has them
_CHUNK = 16  # bytes of entropy, of which the kernel hands out whole ones


class Verdict:
    """Compares what the guest says with what the device knows.

    Args:
        outcome: of the run.
        seed: of the run.

    Attributes:
        guest: the GuestReport; of U-Boot an empty one.
        problems: a line each; empty when all is well.
    """

    def __init__(self, outcome: Outcome, seed: int) -> None:
        said = outcome.serial
        if outcome.plan.guest in ON_DISK:  # what it says, it says on its console
            said += "".join(found["function"].get("output", "") for found in outcome.devices.values())
        self.guest = GuestReport.read(said.replace("\r", ""))
        self.problems = list(outcome.failures)
        self._outcome = outcome
        self._seed = seed
        if not self.problems:
            {UBOOT: self._uboot, AAVMF: self._aavmf}.get(outcome.plan.guest, self._linux)()

    def counted(self, window: MmioWindow) -> int:
        """Interrupts of a device that Linux counted."""
        return sum(number for (device, _), number in self.guest.interrupts.items() if device == window.platform_name)

    def _same(self, what: str, guest: object, device: object) -> None:
        if guest != device:
            self.problems.append(f"{what}: {guest!r} in the guest, {device!r} in the device")

    def _uboot(self) -> None:
        serial = self._outcome.serial
        for window in self._outcome.windows:
            if MachineDevice.of(window.configuration).device_id != BlockDevice.DEVICE_ID:
                continue
            capacity = re.search(r"Capacity: .*\((\d+) x (\d+)\)", serial)
            self._same("capacity", capacity and capacity.groups(), (str(DISK_SECTORS), str(SECTOR)))
            crc = re.search(r"==> ([0-9a-f]{8})", serial)
            content = first_content(self._seed)[: UBOOT_SECTORS * SECTOR]
            self._same(f"CRC of {UBOOT_SECTORS} sectors", crc and crc.group(1), f"{zlib.crc32(content):08x}")
        self._same("end", "poweroff ..." in serial, True)

    def _aavmf(self) -> None:
        """The hexadecimal lines of each part that the shell has shown."""
        parts = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", self._outcome.serial).split("dblk blk0 ")[1:]
        self._same("reads", len(parts), len(AAVMF_READS))
        for part, (first, count) in zip(parts, AAVMF_READS, strict=False):
            shown = bytearray()
            for line in re.findall(r"^\s*[0-9A-F]{8}: ((?:[0-9A-F]{2}[ -]){16})", part, re.MULTILINE):
                shown += bytes.fromhex(line.replace("-", " "))
            content = first_content(self._seed)[first * SECTOR : (first + count) * SECTOR]
            self._same(f"MD5 of sector {first} and on", _md5(bytes(shown)), _md5(content))

    def _linux(self) -> None:
        if "done" not in self.guest.values:
            last = ([line for line in self._outcome.serial.splitlines() if line.strip()] or ["nothing"])[-1]
            self.problems.append(f"the guest ended before it was done; its last words: {last}")
            return
        for window in self._outcome.windows:
            found = self._outcome.devices.get(window.configuration)
            if found is None:
                self.problems.append(f"the simulation of {window.configuration} left no result")
                continue
            on_disk = self._outcome.plan.guest in ON_DISK
            check = {
                NetDevice.DEVICE_ID: self._network,
                BlockDevice.DEVICE_ID: self._root if on_disk else self._disk,
                ConsoleDevice.DEVICE_ID: self._dialogue if on_disk else self._console,
                EntropyDevice.DEVICE_ID: self._entropy,
            }[MachineDevice.of(window.configuration).device_id or 0]
            check(found["function"])
            self._interrupts(window, found)

    def _disk(self, disk: dict) -> None:
        said = self.guest.values.get
        self._same("sectors", said("disk_sectors"), str(DISK_SECTORS))
        self._same("content at first", said("disk_first"), hashlib.md5(first_content(self._seed)).hexdigest())
        self._same("content after writing", said("disk_written"), disk["md5_before_growth"])
        self._same("a write changed it", said("disk_written") != said("disk_first"), True)
        self._same("name", said("disk_name"), disk.get("name", DISK_NAME.decode()))
        self._same("sectors after growing", said("disk_grown"), str(DISK_SECTORS + GROWTH))
        self._same("content after loading the driver again", said("disk_reloaded"), disk["md5"])
        if self._outcome.plan.suspends:
            self._same("suspended", said("suspended"), "0")
            self._same("content after resuming", said("disk_resumed"), disk["md5"])

    def _root(self, disk: dict) -> None:
        """The root file system, as the guest saw it and as it is on the disk now."""
        image, guest = self._outcome.disk, self.guest
        assert image is not None, "a guest with its root on a disk has an image"
        self._same("device of the root file system", guest.values.get("root"), "/dev/vda")
        self._same("files at first", guest.first, self._outcome.files)
        self.problems += root_file_system.check(image)
        self._same("files at the end", guest.last, root_file_system.sums(image))
        self._same("something was changed", guest.first != guest.last, True)
        self._same("file system was in use at the end", guest.values.get("busy", "0"), "0")

    def _dialogue(self, console: dict) -> None:
        self._same("word that was typed", self.guest.values.get("word"), WORD)

    def _network(self, network: dict) -> None:
        said = self.guest.values.get
        self._same("ping", said("ping"), PINGS)
        self._same("file over the network", said("transfer"), said("transfer_sent") or "something")
        self._same("frames damaged", 0, network["damaged"])

    def _console(self, console: dict) -> None:
        sent = console["output"].strip()
        self._same("console", self.guest.values.get("console"), sent.upper() or "something")

    def _entropy(self, source: dict) -> None:
        said, given = bytes.fromhex(self.guest.values.get("entropy", "")), bytes.fromhex(source["given"])
        pieces = [said[start : start + _CHUNK] for start in range(0, len(said), _CHUNK)]
        self._same("entropy came from the device", bool(pieces) and all(piece in given for piece in pieces), True)

    def _interrupts(self, window: MmioWindow, found: dict) -> None:
        plan, traffic, name = self._outcome.plan, found["traffic"], window.configuration
        messages, lines = traffic.get("messages", 0), traffic.get("line_raised", 0)
        self._counts(window, found["lives"])
        if plan.guest not in BY_MESSAGE:
            self._same(f"{name}: messages of a stock driver", messages, 0)
        elif plan.by_message:
            self._same(f"{name}: interrupts by line", lines, 0)
            self._same(f"{name}: there were messages", messages > 0, True)
            self._same(f"{name}: reads of InterruptStatus", traffic.get("interrupt_status_reads", 0), 0)
        elif plan.by_message is False:
            self._same(f"{name}: messages without enough vectors", messages, 0)
            self._same(f"{name}: there were interrupts", lines > 0, True)
        if "fail_at" in plan.options:  # the way back: MSI was on, and went off without a reset in between
            tried = traffic.get("command_enable", 0), traffic.get("command_disable", 0)
            self._same(f"{name}: ENABLE and DISABLE were given", min(tried) > 0, True)
        if plan.suspends:  # at first, after resuming, loaded again
            sent = [life[-1]["messages"] for life in found["lives"]]
            self._same(f"{name}: times that the driver brought the device up", len(sent), 3)
            if MachineDevice.of(name).device_id == BlockDevice.DEVICE_ID:
                self._same(f"{name}: each time there were messages", all(sent), True)
        if plan.masks:
            held = self._outcome.statistics[name].get("held_by_mask", 0)
            self._same(f"{name}: events met a masked vector", held > 0, True)

    def _counts(self, window: MmioWindow, lives: list[list[dict]]) -> None:
        """What Linux counted against what the device had done when Linux read its counters.

        The device's numbers just before and just after that reading bound the guest's, however the machines that run
        the two are loaded. What the device does later, while the guest unloads its driver, counts on neither side.
        """
        plan, name, device = self._outcome.plan, window.configuration, window.platform_name
        self._same(f"{name}: times that the interrupts were counted", self.guest.countings[device], len(lives))
        self._same(f"{name}: the interrupts were counted", bool(lives), True)
        if not all(len(life) >= 2 for life in lives):
            self.problems.append(f"{name}: the guest did not read Status before and after it counted its interrupts")
            return
        before, after = [life[-2] for life in lives], [life[-1] for life in lives]

        def bounded(what: str, counted: int, least: int, most: int) -> None:
            if not least <= counted <= most:
                sent = f"{most}" if least == most else f"{least} to {most}"
                self.problems.append(f"{name}: {what}: Linux counted {counted}, the device {sent}")

        one = plan.cpus == 1  # with several, the interrupt controller may merge messages, and a handler may be at work
        bounded(
            "messages",
            self.guest.interrupts[device, "message"],
            sum(mark["apart"] for mark in before) if one else 0,
            sum(mark["messages"] for mark in after),
        )
        if lives:  # Linux goes on counting a line's interrupts when the driver comes back
            bounded(
                "interrupts of the line",
                self.guest.interrupts[device, "line"],
                before[-1]["interrupt_status_reads"],
                after[-1]["interrupt_status_reads"] + (0 if one else plan.cpus),
            )
        if plan.guest in BY_MESSAGE and plan.by_message:
            bounded(
                "configuration changes heard of",
                self.guest.config_interrupts[device],
                sum(mark["config_events"] for mark in before),
                sum(mark["config_events"] for mark in after),
            )


def _md5(data: bytes) -> str:
    return hashlib.md5(data).hexdigest()
