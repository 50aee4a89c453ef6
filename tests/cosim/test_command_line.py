# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""`python -m sim cosim`: bad input, and what cannot be had."""

import pytest

from sim.cosim import command, host_tools
from sim.cosim.errors import Unavailable
from sim.cosim.plans import plans


@pytest.mark.parametrize(
    "arguments, named",
    [
        (["--guest", "windows"], "unknown guest 'windows'"),
        (["--config", "huge"], "unknown configuration 'huge'"),
        (["--config", "disk,disk"], "names a device twice"),
        (["--config", "blk_line"], None),
        (["--config", "engine"], "design 'engine' is no device"),
        (["--guest", "linux-root", "--config", "rtl_rng,rtl_disk"], "its root file system on its first device"),
        (["--seed", "twelve"], "seed 'twelve'"),
        (["--sim", "modelsim"], "unknown simulator 'modelsim'"),
        (["--record", "/nowhere/record.csv"], "there is no directory /nowhere"),
        (["--speed", "high"], "--speed"),
    ],
)
def test_bad_input_is_refused_by_name(arguments, named, capsys, monkeypatch):
    """One line, exit status 2, and nothing was run. (A disk without MSI is fine.)"""

    def refuse(plan, packages):
        raise Unavailable("not in this test")

    monkeypatch.setattr(command, "prepare", refuse)
    assert command.main(["run", *arguments]) == 2
    errors = capsys.readouterr().err
    assert named is None or (named in errors and errors.count("\n") == 1)


def test_what_cannot_be_had_is_said(capsys, monkeypatch):
    """A line for each guest, and no claim that anything passed."""

    def refuse(plan, packages):
        raise Unavailable(f"no {plan.guest} today")

    monkeypatch.setattr(command, "prepare", refuse)
    assert command.main(["run"]) == 2
    output = capsys.readouterr().out
    for guest in ("uboot", "aavmf", "linux", "linux-msi", "linux-x86", "linux-msi-x86"):
        assert output.count(f"Without {guest}: no {guest} today") == 1
    assert "passed" not in output


def test_missing_packages_are_named(monkeypatch):
    """What could not be installed, with the command that would."""
    monkeypatch.setitem(host_tools._PACKAGES, "qemu-system-vax", "qemu-system-vax")
    monkeypatch.setattr(host_tools.bootstrap, "install_packages", lambda packages: None)
    with pytest.raises(Unavailable, match="sudo apt-get install qemu-system-vax"):
        host_tools.need("qemu-system-vax")


def test_a_guest_may_be_narrowed_and_given_other_devices():
    """GUEST names a guest or one run of it; CONFIG replaces the devices."""
    assert [plan.name for plan in plans(None, None)][:3] == ["uboot", "aavmf", "linux"]
    assert {plan.guest for plan in plans("linux-msi", None)} == {"linux-msi"}
    (plan,) = plans("linux-msi-masking", "disk_2q,console")
    assert plan.configurations == ("disk_2q", "console") and plan.cpus == 2
    assert [plan.name for plan in plans(None, "disk")] == [
        "uboot",
        "aavmf",
        "linux",
        "linux-msi-plain",
        "linux-x86",
        "linux-msi-x86-plain",
    ]


def test_replay(monkeypatch):
    """What the user chose is in it: another folder of RTL, another suite."""
    (plan,) = plans("linux-rtl-console", None)
    monkeypatch.delenv("RTL", raising=False)
    said = command.replay(plan, "icarus", 3)
    assert said == "make cosim GUEST=linux-rtl-console CONFIG=rtl_rng,rtl_console SIM=icarus SEED=3 WAVES=1"
    monkeypatch.setenv("RTL", "/tmp/my rtl")
    said = command.replay(plan, "icarus", 3, "bookworm-backports")
    assert said.startswith("make cosim RTL='/tmp/my rtl' GUEST=") and " KERNEL=bookworm-backports " in said
