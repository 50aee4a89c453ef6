# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What a machine with whole devices in RTL is made of, part by part."""

import dataclasses
import struct
from pathlib import Path

import pytest

from sim.cosim import root_file_system
from sim.cosim.device_surroundings import intact
from sim.cosim.guests import WORD
from sim.cosim.machine import Outcome
from sim.cosim.machine_description import VIRT
from sim.cosim.machine_device import MachineDevice
from sim.cosim.plans import plans
from sim.cosim.verdict import PINGS, Verdict
from sim.flow.burst_design import BurstDesign, wrapper
from sim.flow.configs import configurations
from sim.flow.errors import FlowError
from sim.flow.paths import ROOT

SEED = 1
NAMES = ("rtl_disk", "rtl_rng", "rtl_console", "rtl_net")


def test_devices_are_known_by_what_they_are():
    """DEVICE_ID by the design's top, and a key that no two of a machine share."""
    devices = [MachineDevice.of(name) for name in (*NAMES, "rtl_disk_2q")]
    assert [device.device_id for device in devices] == [2, 4, 3, 1, 2]
    assert len({device.key for device in devices}) == len(devices)
    assert not MachineDevice.of("disk").rtl and MachineDevice.of("engine").device_id is None


@pytest.mark.parametrize("name", [*NAMES, "rtl_disk_2q"])
def test_wrapper_hides_the_memories_and_nothing_else(name):
    """All ports of the device but its AXI4 masters, and for each of these what Python needs."""
    device = dataclasses.replace(configurations().designs[name], rtl=ROOT / "rtl")
    masters = {port.rpartition("_")[0] for port in device.ports() if port.endswith("_arvalid") and "axi_" in port}
    masters = {master for master in masters if master in ("m_axi", "d_axi")}
    design = BurstDesign.around(device)
    outer = set(design.ports())
    kept = {port for port in device.ports() if port.rpartition("_")[0] not in masters}
    assert kept <= outer and f"{min(masters)}_read_answer" in outer
    assert not outer & (set(device.ports()) - kept)
    values = dict(design.values)
    assert values["MAX_BURST"] * values.get("DATA_WIDTH", 64) <= 2048


def test_wrapper_needs_a_header_that_it_understands(tmp_path):
    """A file without the module, and a port that is declared in another way."""
    file = tmp_path / "device.v"
    file.write_text("module other #(\n    parameter A = 1\n) (\n    input wire a\n);\nendmodule\n")
    with pytest.raises(FlowError, match="no file has a module device"):
        wrapper("bursts_device", "device", [file])
    file.write_text("module device #(\n    parameter A = 1\n) (\n    input a, b\n);\nendmodule\n")
    with pytest.raises(FlowError, match="not the declaration of a port: input a, b"):
        wrapper("bursts_device", "device", [file])


def ipv4(protocol: int, content: bytes) -> bytes:
    """A packet from 10.0.0.1 to 10.0.0.2, its header's checksum by hand."""
    header = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(content), 1, 0, 64, protocol, 0) + bytes(
        [10, 0, 0, 1, 10, 0, 0, 2]
    )
    total = sum(struct.unpack(">10H", header))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return header[:10] + struct.pack(">H", total ^ 0xFFFF) + header[12:] + content


PING = bytes.fromhex("0800 f7fb 0001 0003")  # echo request, number 1, sequence 3
UDP = bytes.fromhex("0035 0035 000b 2709 616263")  # "abc" from port 53 to port 53


@pytest.mark.parametrize("protocol, content", [(1, PING), (17, UDP)])
def test_damage_of_any_bit_is_seen(protocol, content):
    """Header and content of ICMP and UDP; the padding of a short frame does not count."""
    good = ipv4(protocol, content)
    assert intact(good) and intact(good + bytes(20))
    for bit in range(8 * len(good)):
        if bit // 8 in (0, 2, 3, 9):  # these say where the rest is
            continue
        damaged = bytearray(good)
        damaged[bit // 8] ^= 1 << bit % 8
        assert not intact(bytes(damaged)), f"byte {bit // 8}"


@pytest.fixture
def image(tmp_path):
    """A disk with a root file system, and the sums of its files."""
    if not Path("/usr/sbin/mke2fs").exists():
        pytest.skip("no mke2fs here")
    busybox = tmp_path / "busybox"
    busybox.write_bytes(bytes(1000))
    file = tmp_path / "disk.img"
    return file, root_file_system.make(file, busybox, SEED)


def test_root_file_system(image):
    """It is clean, holds what it should, and is the same for the same seed."""
    file, sums = image
    assert root_file_system.check(file) == []
    assert root_file_system.sums(file) == sums and len(sums) > 4


def test_damage_of_a_file_and_of_the_file_system_is_seen(image):
    """One byte of a file; and a block of inodes."""
    file, sums = image
    data = bytearray(file.read_bytes())
    text = root_file_system._run("debugfs", "-R", "blocks /data/file5", file).stdout.split()
    data[4096 * int(text[0]) + 7] ^= 1
    file.write_bytes(data)
    assert root_file_system.check(file) == []
    changed = root_file_system.sums(file)
    assert {name for name in sums if sums[name] != changed[name]} == {"file5"}
    text = root_file_system._run("debugfs", "-R", "stats", file).stdout
    table = int(text.partition("Inode table at ")[2].split()[0]) if "Inode table at " in text else None
    table = table or int(text.partition("inode table at ")[2].split()[0])
    data[4096 * table : 4096 * table + 4096] = bytes(4096)
    file.write_bytes(data)
    assert root_file_system.check(file)


SAID = f"""\
cosim: device=b000000.virtio_mmio virtio0\r
cosim: root=/dev/vda\r
cosim: first=a 1\r
cosim: word={WORD}\r
cosim: ping={PINGS}\r
cosim: transfer=5\r
cosim: transfer_sent=5\r
cosim: last=a 2\r
cosim: interrupt=17: 3 GIC-0 232 Level virtio0\r
cosim: counted=virtio0\r
cosim: done=1\r
"""
MARK = {"messages": 0, "apart": 0, "config_events": 0, "interrupt_status_reads": 3}


def judged(device: str, said: str, monkeypatch, fsck=(), **function) -> list[str]:
    """Problems of a run with one device."""
    (plan,) = plans("linux-root", None)
    plan = dataclasses.replace(plan, configurations=(device,))
    monkeypatch.setattr(root_file_system, "check", lambda image: list(fsck))
    monkeypatch.setattr(root_file_system, "sums", lambda image: {"a": "2"})
    outcome = Outcome(plan, Path("nowhere"), [VIRT.window(0, 1, device, 4096)], disk=Path("image"), files={"a": "1"})
    outcome.devices[device] = {
        "traffic": {"line_raised": 3},
        "lives": [[MARK, MARK]],
        "function": {"requests": 1, "error": None, "output": said} | function,
    }
    outcome.statistics[device] = {}
    return Verdict(outcome, SEED).problems


@pytest.mark.parametrize(
    "device, change, complaint",
    [
        ("rtl_disk", ("root=/dev/vda", "root=rootfs"), "device of the root file system"),
        ("rtl_disk", ("first=a 1", "first=a 3"), "files at first"),
        ("rtl_disk", ("last=a 2", "last=a 3"), "files at the end"),
        ("rtl_disk", ("done=1", "busy=1\r\ncosim: done=1"), "in use at the end"),
        ("rtl_disk", ("done=1", ""), "ended before it was done"),
        ("rtl_disk", (": 3 GIC", ": 4 GIC"), "interrupts of the line: Linux counted 4"),
        ("rtl_console", (WORD, "word"), "word that was typed"),
        ("rtl_net", (f"ping={PINGS}", "ping=124"), "ping"),
        ("rtl_net", ("transfer=5", "transfer=6"), "file over the network"),
    ],
)
def test_guest_with_a_root_file_system_is_judged(device, change, complaint, monkeypatch):
    """All is well as it was said; each wrong word is noticed."""
    assert judged(device, SAID, monkeypatch, damaged=0) == []
    (problem,) = judged(device, SAID.replace(*change), monkeypatch, damaged=0)
    assert complaint in problem


def test_fsck_and_damaged_frames_count(monkeypatch):
    """What the image and the network say counts, whatever the guest says."""
    assert judged("rtl_disk", SAID, monkeypatch, fsck=["fsck: bad"]) == ["fsck: bad"]
    (problem,) = judged("rtl_net", SAID, monkeypatch, damaged=2)
    assert "frames damaged" in problem
