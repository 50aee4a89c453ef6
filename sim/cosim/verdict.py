"""Whether the guest and the simulation agree, and what a run shows."""

import hashlib
import re
import zlib

from cocotbext.virtio.devices.virtio_block import SECTOR, VirtioBlock
from cocotbext.virtio.devices.virtio_console import VirtioConsole
from cocotbext.virtio.devices.virtio_entropy import VirtioEntropy

from sim.cosim.functions import DISK_NAME, DISK_SECTORS, GROWTH, first_content
from sim.cosim.guest_report import GuestReport
from sim.cosim.guests import LINUX_MSI, UBOOT, UBOOT_SECTORS
from sim.cosim.machine import Outcome
from sim.cosim.window import Window
from sim.flow.configs import configurations

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

    def __init__(self, outcome: Outcome, seed: int):
        self.guest = GuestReport.read(outcome.serial)
        self.problems = list(outcome.failures)
        self._outcome = outcome
        self._seed = seed
        if not self.problems:
            (self._uboot if outcome.plan.guest == UBOOT else self._linux)()

    def counted(self, window: Window) -> int:
        """Interrupts of a device that Linux counted."""
        return sum(number for (device, _), number in self.guest.interrupts.items() if device == window.platform_name)

    def _same(self, what: str, guest, device) -> None:
        if guest != device:
            self.problems.append(f"{what}: {guest!r} in the guest, {device!r} in the device")

    def _uboot(self) -> None:
        serial = self._outcome.serial
        for window in self._outcome.windows:
            if configurations().by_name[window.configuration].device_id != VirtioBlock.DEVICE_ID:
                continue
            capacity = re.search(r"Capacity: .*\((\d+) x (\d+)\)", serial)
            self._same("capacity", capacity and capacity.groups(), (str(DISK_SECTORS), str(SECTOR)))
            crc = re.search(r"==> ([0-9a-f]{8})", serial)
            content = first_content(self._seed)[: UBOOT_SECTORS * SECTOR]
            self._same(f"CRC of {UBOOT_SECTORS} sectors", crc and crc.group(1), f"{zlib.crc32(content):08x}")
        self._same("end", "poweroff ..." in serial, True)

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
            check = {
                VirtioBlock.DEVICE_ID: self._disk,
                VirtioConsole.DEVICE_ID: self._console,
                VirtioEntropy.DEVICE_ID: self._entropy,
            }[configurations().by_name[window.configuration].device_id]
            check(found["function"])
            self._interrupts(window, found)

    def _disk(self, disk: dict) -> None:
        said = self.guest.values.get
        self._same("sectors", said("disk_sectors"), str(DISK_SECTORS))
        self._same("content at first", said("disk_first"), hashlib.md5(first_content(self._seed)).hexdigest())
        self._same("content after writing", said("disk_written"), disk["md5_before_growth"])
        self._same("a write changed it", said("disk_written") != said("disk_first"), True)
        self._same("name", said("disk_name"), DISK_NAME.decode())
        self._same("sectors after growing", said("disk_grown"), str(DISK_SECTORS + GROWTH))
        self._same("content after loading the driver again", said("disk_reloaded"), disk["md5"])

    def _console(self, console: dict) -> None:
        sent = console["output"].strip()
        self._same("console", self.guest.values.get("console"), sent.upper() or "something")

    def _entropy(self, source: dict) -> None:
        said, given = bytes.fromhex(self.guest.values.get("entropy", "")), bytes.fromhex(source["given"])
        pieces = [said[start : start + _CHUNK] for start in range(0, len(said), _CHUNK)]
        self._same("entropy came from the device", bool(pieces) and all(piece in given for piece in pieces), True)

    def _interrupts(self, window: Window, found: dict) -> None:
        plan, traffic, name = self._outcome.plan, found["traffic"], window.configuration
        messages, lines = traffic.get("messages", 0), traffic.get("line_raised", 0)
        counted = {kind: self.guest.interrupts[window.platform_name, kind] for kind in ("line", "message")}
        self._same(f"{name}: interrupts of the line", counted["line"], lines)
        if plan.cpus == 1:
            self._same(f"{name}: messages", counted["message"], messages)
        elif counted["message"] > messages:  # with several, the interrupt controller may merge them
            self.problems.append(f"{name}: Linux counted {counted['message']} messages, the device sent {messages}")
        if plan.guest != LINUX_MSI:
            self._same(f"{name}: messages of a stock driver", messages, 0)
        elif plan.by_message:
            self._same(f"{name}: interrupts by line", lines, 0)
            self._same(f"{name}: there were messages", messages > 0, True)
            self._same(f"{name}: reads of InterruptStatus", traffic.get("interrupt_status_reads", 0), 0)
            self._same(
                f"{name}: configuration changes heard of",
                self.guest.config_interrupts[window.platform_name],
                traffic.get("config_events", 0),
            )
        elif plan.by_message is False:
            self._same(f"{name}: messages without enough vectors", messages, 0)
            self._same(f"{name}: there were interrupts", lines > 0, True)
        if "fail_at" in plan.options:  # the way back: MSI was on, and went off without a reset in between
            tried = traffic.get("command_enable", 0), traffic.get("command_disable", 0)
            self._same(f"{name}: ENABLE and DISABLE were given", min(tried) > 0, True)
        if plan.masks:
            held = self._outcome.statistics[name].get("held_by_mask", 0)
            self._same(f"{name}: events met a masked vector", held > 0, True)
