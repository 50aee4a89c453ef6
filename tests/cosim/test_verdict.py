# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What a run shows is judged, and a wrong figure is noticed."""

import dataclasses
import hashlib
import zlib
from pathlib import Path

import pytest

from sim.cosim.functions import DISK_SECTORS, GROWTH, first_content
from sim.cosim.guest_report import GuestReport
from sim.cosim.guests import AAVMF_READS
from sim.cosim.machine import Outcome
from sim.cosim.machine_description import VIRT
from sim.cosim.plans import plans
from sim.cosim.report import markdown, rows
from sim.cosim.verdict import Verdict

SEED = 1
MD5 = hashlib.md5(first_content(SEED)).hexdigest()
LINUX = f"""\
cosim: device=b000000.virtio_mmio virtio0
cosim: disk_sectors={DISK_SECTORS}
cosim: disk_first={MD5}
cosim: disk_written=written
cosim: disk_name=rtl-disk
cosim: disk_grown={DISK_SECTORS + GROWTH}
cosim: interrupt=18: 1 1 virtio-mmio-MSI 0 Edge virtio0-config
cosim: interrupt=19: 4 0 virtio-mmio-MSI 1 Edge virtio0-req.0
cosim: counted=virtio0
cosim: device=b000000.virtio_mmio virtio0
cosim: disk_reloaded=grown
cosim: interrupt=19: 3 1 virtio-mmio-MSI 1 Edge virtio0-req.0
cosim: counted=virtio0
cosim: done=1
"""
DISK = {"requests": 9, "error": None, "sectors": DISK_SECTORS + GROWTH, "md5": "grown", "md5_before_growth": "written"}
TRAFFIC = {"accesses": 100, "accesses_at_work": 9, "messages": 10, "config_events": 2}


def mark(messages: int, config_events: int, apart: int | None = None, status_reads: int = 0) -> dict:
    """A Mark as plain data."""
    return {
        "messages": messages,
        "apart": messages if apart is None else apart,
        "config_events": config_events,
        "interrupt_status_reads": status_reads,
    }


def lives(first=(6, 2), second=(4, 0)) -> list[list[dict]]:
    """Two lives of a driver, each counted once with nothing under way."""
    return [[mark(*first)] * 2, [mark(*second)] * 2]


def outcome(serial: str = LINUX, run: str = "linux-msi-masking", marks=None, **traffic) -> Outcome:
    """A run as it should be, but for what is given."""
    (plan,) = plans(run, None)
    name = plan.configurations[0]
    result = Outcome(plan, Path("nowhere"), [VIRT.window(0, 1, name, 4096)], serial=serial)
    result.devices[name] = {
        "traffic": TRAFFIC | traffic,
        "cycles": 1000,
        "function": DISK,
        "messages": [],
        "lives": lives() if marks is None else marks,
    }
    result.statistics[name] = {"held_by_mask": 1, "lost": 0, "without_cause": 0}
    return result


def test_interrupts_are_counted_over_cpus_and_lives():
    """Messages add up over the driver's lives; a line's count goes on by itself."""
    report = GuestReport.read(LINUX)
    assert report.interrupts == {("b000000.virtio_mmio", "message"): 10}
    assert report.config_interrupts == {"b000000.virtio_mmio": 2}
    twice = "cosim: device=b000000.virtio_mmio virtio0\n" + "cosim: interrupt=17: {} GIC-0 232 Level virtio0\n" * 2
    assert GuestReport.read(twice.format(5, 8)).interrupts == {("b000000.virtio_mmio", "line"): 8}


def test_all_well():
    """No complaint, and a row with the figure that matters."""
    verdict = Verdict(outcome(), SEED)
    assert verdict.problems == []
    (row,) = rows(outcome(), verdict)
    assert (row.per_request, row.counted, row.messages) == (1.0, 10, 10)


def test_table_for_documents():
    """A heading for each QEMU and kernel; a device that was never asked for anything has no figure per request."""
    run = outcome()
    run.qemu, run.kernel = "7.2.22", "6.1.0"
    (row,) = rows(run, Verdict(run, SEED))
    text = markdown([row, dataclasses.replace(row, requests=0), dataclasses.replace(row, kernel="")])
    assert [line for line in text.splitlines() if line.startswith("#")] == [
        "## QEMU 7.2.22, Linux 6.1.0",
        "## QEMU 7.2.22, firmware",
    ]
    lines = [line for line in text.splitlines() if line.startswith("| `linux-msi-masking`")]
    assert lines[0] == "| `linux-msi-masking` | virt | disk_2q | 9 | 1.00 | 0 | 10 | 10 | 1 | 0 | 0 | 0 |"
    assert "| 0 | - |" in lines[1] and len(lines) == 3


@pytest.mark.parametrize(
    "change, complaint",
    [
        ({"serial": LINUX.replace("done=1", "")}, "ended before it was done"),
        ({"serial": LINUX.replace(MD5, "0" * 32)}, "content at first"),
        ({"serial": LINUX.replace("=written", f"={MD5}")}, "a write changed it"),
        ({"serial": LINUX.replace("=grown", "=written")}, "loading the driver again"),
        ({"serial": LINUX.replace("rtl-disk", "disk")}, "name"),
        ({"serial": LINUX.replace(f"grown={DISK_SECTORS + GROWTH}", f"grown={DISK_SECTORS}")}, "after growing"),
        ({"serial": LINUX.replace("1 1 virtio-mmio-MSI 0", "1 0 virtio-mmio-MSI 0")}, "configuration changes heard of"),
        ({"marks": lives((5, 2))}, "messages: Linux counted 10, the device 0 to 9"),
        ({"marks": lives((6, 3))}, "configuration changes heard of: Linux counted 2, the device 3"),
        ({"marks": lives()[:1]}, "times that the interrupts were counted"),
        ({"serial": LINUX.replace("cosim: counted=virtio0", ""), "marks": []}, "the interrupts were counted"),
        ({"marks": [life[:1] for life in lives()]}, "did not read Status before and after"),
        ({"line_raised": 1}, "interrupts by line"),
        ({"interrupt_status_reads": 1}, "reads of InterruptStatus"),
    ],
)
def test_noticed(change, complaint):
    """Each wrong thing by itself."""
    assert any(complaint in problem for problem in Verdict(outcome(**change), SEED).problems)


ENTROPY = """\
cosim: device=b000000.virtio_mmio virtio0
cosim: interrupt=18: {0} virtio-mmio-MSI 1 Edge virtio0-input
cosim: interrupt=19: 0 virtio-mmio-MSI 0 Edge virtio0-config
cosim: counted=virtio0
cosim: entropy=00112233445566778899aabbccddeeff
cosim: done=1
"""


def entropy(counted: int, before: dict, after: dict, **traffic) -> Verdict:
    """The judgement of a run with an entropy source only, whose guest counted once."""
    (plan,) = plans("linux-msi-plain", "entropy")
    plan = dataclasses.replace(plan, by_message=True)
    result = Outcome(plan, Path("nowhere"), [VIRT.window(0, 1, "entropy", 4096)], serial=ENTROPY.format(counted))
    function = {"requests": 6, "error": None, "given": "00112233445566778899aabbccddeeff"}
    found = {"cycles": 1, "messages": [], "function": function, "lives": [[before, after]]}
    result.devices["entropy"] = found | {"traffic": {"messages": after["messages"]} | traffic}
    return Verdict(result, SEED)


def test_what_comes_after_the_counting_does_not_count():
    """The kernel draws entropy once more between its counting and its reset: 5 in the guest, 6 in the device."""
    assert entropy(5, mark(5, 0), mark(5, 0), messages=6).problems == []
    assert entropy(5, mark(5, 0), mark(6, 0)).problems == [], "while it counts"
    assert entropy(6, mark(5, 0), mark(6, 0)).problems == [], "while it counts, and in time"


def test_one_message_too_few_or_too_many_is_seen():
    """With one CPU the figures must be equal as soon as nothing is under way; only what can merge may."""
    assert "Linux counted 4, the device 5" in entropy(4, mark(5, 0), mark(5, 0)).problems[0]
    assert "Linux counted 6, the device 5" in entropy(6, mark(5, 0), mark(5, 0)).problems[0]
    assert entropy(4, mark(5, 0, apart=4), mark(5, 0, apart=4)).problems == []
    assert "Linux counted 3, the device 4 to 5" in entropy(3, mark(5, 0, apart=4), mark(5, 0, apart=4)).problems[0]


def test_masking_must_have_happened():
    """A run that is for masked vectors must have met one."""
    run = outcome()
    run.statistics["disk_2q"]["held_by_mask"] = 0
    assert Verdict(run, SEED).problems == [
        "disk_2q: events met a masked vector: False in the guest, True in the device"
    ]


RESUMED = LINUX.replace(
    "cosim: device=b000000.virtio_mmio virtio0\ncosim: disk_reloaded",
    """\
cosim: suspended=0
cosim: disk_resumed=grown
cosim: interrupt=19: 2 virtio-mmio-MSI 1 Edge virtio0-req.0
cosim: counted=virtio0
cosim: device=b000000.virtio_mmio virtio0
cosim: disk_reloaded""",
)


@pytest.mark.parametrize(
    "said, marks, complaint",
    [
        (RESUMED, [(6, 2), (2, 0), (4, 0)], None),
        (RESUMED.replace("suspended=0", "suspended=1"), [(6, 2), (2, 0), (4, 0)], "suspended: '1'"),
        (RESUMED.replace("resumed=grown", "resumed=old"), [(6, 2), (2, 0), (4, 0)], "content after resuming"),
        (RESUMED, [(6, 2), (3, 0), (4, 0)], "messages: Linux counted 12, the device 13"),
        (RESUMED.replace("19: 2", "19: 0"), [(6, 2), (0, 0), (4, 0)], "disk: each time there were messages"),
        (
            LINUX.replace("=1", "=1\ncosim: suspended=0\ncosim: disk_resumed=grown"),
            [(6, 2), (4, 0)],
            "times that the driver",
        ),
    ],
)
def test_a_guest_that_was_suspended(said, marks, complaint):
    """The disk's content, the messages of the resumed driver, and that the driver brought its device up anew."""
    run = outcome(said, "linux-msi-suspend", [[mark(*each)] * 2 for each in marks])
    problems = Verdict(run, SEED).problems
    assert problems == [] if complaint is None else any(complaint in problem for problem in problems), problems


def test_uboot():
    """U-Boot's words: capacity and CRC."""
    crc = zlib.crc32(first_content(SEED)[: 64 * 512])
    good = (
        f"            Capacity: 1.0 MB = 0.0 GB (2048 x 512)\ncrc32 for 42000000 ... 42007fff "
        f"==> {crc:08x}\npoweroff ...\n"
    )
    assert Verdict(outcome(good, "uboot"), SEED).problems == []
    for wrong in (good.replace("2048", "2047"), good.replace(f"{crc:08x}", "00000000"), good.replace("poweroff", "")):
        assert len(Verdict(outcome(wrong, "uboot"), SEED).problems) == 1


def test_aavmf():
    """Each byte that EDK2's shell shows, in its own words, colours included."""
    said = "\x1b[0mShell> map -b -r\r\n"
    for first, count in AAVMF_READS:
        said += f"Shell> dblk blk0 {first:x} {count:x}\r\nLBA {first:016X} Size 00002000 bytes BlkIo 0\r\n"
        content = first_content(SEED)[first * 512 : (first + count) * 512]
        for offset in range(0, len(content), 16):
            words = content[offset : offset + 16].hex(" ").upper()
            said += f"  {offset:08X}: {words[:23]}-{words[24:]}  *................*\r\n"
    assert Verdict(outcome(said, "aavmf"), SEED).problems == []
    lines = said.splitlines(keepends=True)
    changed = lines[10].replace("  *", " *").replace(lines[10][12:14], "00" if lines[10][12:14] != "00" else "01", 1)
    for wrong in (lines[:10] + lines[11:], [*lines[:10], changed, *lines[11:]], lines[: len(lines) // 3]):
        assert Verdict(outcome("".join(wrong), "aavmf"), SEED).problems
