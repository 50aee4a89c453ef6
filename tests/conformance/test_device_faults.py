# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Faults of the devices in RTL, each found by the check that is meant: examples/conformance/devices/faults.toml."""

import json
import shutil
import tomllib
from pathlib import Path

import pytest
from cocotbext.virtio.conformance import registry, settings
from cocotbext.virtio.conformance.__main__ import main

ROOT = Path(__file__).resolve().parents[2]
DEVICES = ROOT / "examples" / "conformance" / "devices"
FAULTS = tomllib.loads((DEVICES / "faults.toml").read_text())["fault"]


def faulty(folder: Path, fault: dict, patience: int | None = None) -> Path:
    """A description of the device with its fault; the changed files are in *folder*."""
    good = DEVICES / (fault.get("device", "rng") + ".toml")
    described = settings.load(good)
    sources = {str(path): path for path in described.sources}
    texts: dict[Path, str] = {}
    for name, old, new in fault["edits"]:
        path = next(place for place in (ROOT / "rtl" / name, good.parent / name) if place.is_file()).resolve()
        text = texts.setdefault(path, path.read_text())
        assert text.count(old) == 1, f"{name}: {text.count(old)} times {old!r}"
        texts[path] = text.replace(old, new)
    for path, text in texts.items():
        sources[str(path)] = folder / path.name
        sources[str(path)].write_text(text)
    keys = {
        "name": "faulty",
        "class": described.device_class,
        "sources": list(map(str, sources.values())),
        "includes": list(map(str, described.includes)),
        "patience": patience or described.patience,
        "rings": described.rings,
    }
    lines = [f"{key} = {json.dumps(value)}" for key, value in keys.items()]
    parameters = described.parameters | fault.get("parameters", {})
    lines += ["[parameters]", *(f"{key} = {json.dumps(value)}" for key, value in parameters.items())]
    file = folder / "faulty.toml"
    file.write_text("\n".join(lines) + "\n")
    return file


@pytest.mark.skipif(shutil.which("iverilog") is None, reason="Icarus Verilog is not installed")
@pytest.mark.parametrize(
    "fault",
    [pytest.param(fault, marks=[] if fault.get("quick") else [pytest.mark.thorough]) for fault in FAULTS],
    ids=[fault["check"] for fault in FAULTS],
)
def test_each_fault_is_found_by_the_check_that_is_meant(tmp_path, fault):
    status = main([str(faulty(tmp_path, fault)), "--build", str(tmp_path / "build"), "--check", fault["check"]])
    (result,) = json.loads((tmp_path / "build" / "faulty" / "results.json").read_text())
    assert status == 1 and result["verdict"] == "finding", result
    assert all("did not expect" not in finding["text"] for finding in result["findings"]), result


COSTS = 1500  # cycles that a cheap check takes on the good device, at most
_cheap: dict[str, list[str]] = {}


def cheap(folder: Path, device: str) -> list[str]:
    """Names of the cheap checks of a good device: a hundred faults with all of the suite would take half a day."""
    if device not in _cheap:
        file = faulty(folder, {"device": device, "edits": []}, patience=2000)
        assert main([str(file), "--build", str(folder / "good")]) == 0
        results = json.loads((folder / "good" / "faulty" / "results.json").read_text())
        _cheap[device] = [each["check"] for each in results if each["verdict"] == "ok" and each["cycles"] <= COSTS]
    return _cheap[device]


@pytest.mark.thorough
@pytest.mark.skipif(shutil.which("iverilog") is None, reason="Icarus Verilog is not installed")
@pytest.mark.parametrize("fault", FAULTS, ids=[fault["check"] for fault in FAULTS])
def test_others_find_a_fault_only_where_its_cause_says_so(tmp_path, fault):
    """The cheap checks: those that find it are the one that is meant, and those that the fault names."""
    also = fault.get("also", [])
    names = cheap(tmp_path, fault.get("device", "rng"))
    folder = tmp_path / "bad"
    folder.mkdir()
    file = faulty(folder, fault, patience=2000)
    assert main([str(file), "--build", str(folder / "build"), "--check", ",".join({*names, fault["check"]})]) == 1
    results = json.loads((folder / "build" / "faulty" / "results.json").read_text())
    found = {each["check"] for each in results if each["verdict"] == "finding"} - {fault["check"]}
    if also == ["*"]:  # whatever gets so far
        also = found
    assert found & set(names) == set(also) & set(names)


def test_every_edit_fits():
    """What an edit replaces occurs once; else the fault would be another one, or none."""
    for fault in FAULTS:
        good = DEVICES / (fault.get("device", "rng") + ".toml")
        for name, old, _ in fault["edits"]:
            path = next(place for place in (ROOT / "rtl" / name, good.parent / name) if place.is_file())
            assert path.read_text().count(old) == 1, (fault["check"], name, old)


def test_what_others_find_has_a_reason():
    """`also` names checks that exist, or nearly all, and `why` says what they have to do with the fault."""
    for fault in FAULTS:
        assert ("also" in fault) == ("why" in fault), fault["check"]
        assert not set(fault.get("also", [])) - registry.checks().keys() - {"*"}, fault["check"]


def test_every_check_is_seen_to_fail():
    """A fault of the devices in RTL, or of small_disk, for each check: a check that nobody saw fail shows nothing."""
    small = tomllib.loads((DEVICES.parent / "small_disk" / "faults.toml").read_text())
    seen = {fault["check"] for fault in FAULTS} | {check for check, _ in small.values()}
    assert not registry.checks().keys() - seen, "no fault is known that these find"
    assert not seen - registry.checks().keys(), "there are no such checks"
