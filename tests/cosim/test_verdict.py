"""What a run shows is judged, and a wrong figure is noticed."""

import hashlib
import zlib
from pathlib import Path

import pytest

from sim.cosim.functions import DISK_SECTORS, GROWTH, first_content
from sim.cosim.guest_report import GuestReport
from sim.cosim.machine import Outcome
from sim.cosim.plans import plans
from sim.cosim.report import rows
from sim.cosim.verdict import Verdict
from sim.cosim.window import Window

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
cosim: device=b000000.virtio_mmio virtio0
cosim: disk_reloaded=grown
cosim: interrupt=19: 3 1 virtio-mmio-MSI 1 Edge virtio0-req.0
cosim: done=1
"""
DISK = {"requests": 9, "error": None, "sectors": DISK_SECTORS + GROWTH, "md5": "grown", "md5_before_growth": "written"}
TRAFFIC = {"accesses": 100, "accesses_at_work": 9, "messages": 10, "config_events": 2}


def outcome(serial: str = LINUX, run: str = "linux-msi-masking", **traffic) -> Outcome:
    """A run as it should be, but for what is given."""
    (plan,) = plans(run, None)
    name = plan.configurations[0]
    result = Outcome(plan, Path("nowhere"), [Window.number(0, name, 4096)], serial=serial)
    result.devices[name] = {"traffic": TRAFFIC | traffic, "cycles": 1000, "function": DISK, "messages": []}
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
        ({"messages": 9}, "Linux counted 10 messages, the device sent 9"),
        ({"line_raised": 1}, "interrupts of the line"),
        ({"interrupt_status_reads": 1}, "reads of InterruptStatus"),
    ],
)
def test_noticed(change, complaint):
    """Each wrong thing by itself."""
    assert any(complaint in problem for problem in Verdict(outcome(**change), SEED).problems)


def test_masking_must_have_happened():
    """A run that is for masked vectors must have met one."""
    run = outcome()
    run.statistics["disk_2q"]["held_by_mask"] = 0
    assert Verdict(run, SEED).problems == [
        "disk_2q: events met a masked vector: False in the guest, True in the device"
    ]


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
