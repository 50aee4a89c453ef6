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

from tests.conformance import faulty_devices
from tests.conformance.faulty_devices import DEVICES, FAULTS

icarus = pytest.mark.skipif(shutil.which("iverilog") is None, reason="Icarus Verilog is not installed")


def results_of(folder: Path) -> list[dict]:
    """What a run of a faulty device left."""
    return json.loads((folder / "build" / "faulty" / "results.json").read_text())


def runs() -> list:
    """Each fault on each simulator that can show it; few of them are part of `make test`."""
    return [
        pytest.param(
            fault,
            simulator,
            marks=[icarus] * (simulator == "icarus")
            + [pytest.mark.thorough] * (simulator != "icarus" or not fault.get("quick", False)),
            id=f"{fault['check']}-{simulator}",
        )
        for fault in FAULTS
        for simulator in settings.SIMULATORS
        if fault.get("only", simulator) == simulator
    ]


@pytest.mark.parametrize("fault, simulator", runs())
def test_each_fault_is_found_by_the_check_that_is_meant(tmp_path, shared, fault, simulator):
    if simulator == "verilator":
        file = faulty_devices.prepared(tmp_path, shared, fault)
    else:
        file = faulty_devices.alone(tmp_path, fault)
    arguments = ["--build", str(tmp_path / "build"), "--sim", simulator, "--jobs", "1"]
    status = main([str(file), *arguments, "--check", fault["check"]])
    (result,) = results_of(tmp_path)
    assert status == 1 and result["verdict"] == "finding", result
    assert all("did not expect" not in finding["text"] for finding in result["findings"]), result


@icarus
def test_faults_in_one_design_are_chosen_when_it_runs(tmp_path):
    """Two faults and none, from one build."""
    faults = {number: fault for number, fault in enumerate(FAULTS, 1) if fault["check"] in ("shared-line", "msi-mask")}
    checks = ",".join(fault["check"] for fault in faults.values())
    for chosen in (0, *faults):
        file = faulty_devices.together(tmp_path, faults, fault=chosen)
        status = main([str(file), "--build", str(tmp_path / "build"), "--check", checks])
        found = {result["check"] for result in results_of(tmp_path) if result["verdict"] == "finding"}
        assert (status, found) == ((1, {faults[chosen]["check"]}) if chosen else (0, set()))


COSTS = 1500  # cycles that a cheap check takes on the good device, at most
_cheap: dict[tuple[str, str], list[str]] = {}


def cheap(folder: Path, shared: Path, fault: dict) -> list[str]:
    """Names of the cheap checks of a good device: a hundred faults with all of the suite would take half a day."""
    kind = faulty_devices.kind(fault)
    if kind not in _cheap:
        file = faulty_devices.prepared_good(folder, shared, fault, patience=2000)
        assert main([str(file), "--build", str(folder / "build"), "--sim", "verilator"]) == 0
        _cheap[kind] = [
            each["check"] for each in results_of(folder) if each["verdict"] == "ok" and each["cycles"] <= COSTS
        ]
    return _cheap[kind]


@pytest.mark.thorough
@pytest.mark.parametrize("fault", FAULTS, ids=[fault["check"] for fault in FAULTS])
def test_others_find_a_fault_only_where_its_cause_says_so(tmp_path, shared, fault):
    """The cheap checks: those that find it are the one that is meant, and those that the fault names."""
    also = fault.get("also", [])
    good, bad = tmp_path / "good", tmp_path / "bad"
    good.mkdir()
    bad.mkdir()
    names = cheap(good, shared, fault)
    simulator = fault.get("only", "verilator")
    if simulator == "verilator":
        file = faulty_devices.prepared(bad, shared, fault, patience=2000)
    else:
        file = faulty_devices.alone(bad, fault, patience=2000)
    arguments = ["--build", str(bad / "build"), "--sim", simulator]
    assert main([str(file), *arguments, "--check", ",".join({*names, fault["check"]})]) == 1
    found = {each["check"] for each in results_of(bad) if each["verdict"] == "finding"} - {fault["check"]}
    if also == ["*"]:  # whatever gets so far
        also = found
    assert found & set(names) == set(also) & set(names)


def test_every_edit_fits():
    """What an edit replaces occurs once; else the fault would be another one, or none."""
    for fault in FAULTS:
        for name, old, _ in fault["edits"]:
            path = faulty_devices.place(name, fault.get("device", "rng"))
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
