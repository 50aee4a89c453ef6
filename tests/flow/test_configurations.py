# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""configs.toml and tests.toml: what is in them, and what is said about mistakes."""

import pytest

from sim.flow import modules, reliability
from sim.flow.configs import configurations, read
from sim.flow.design import Design
from sim.flow.errors import FlowError
from sim.flow.lint import corners
from sim.flow.paths import ROOT
from sim.flow.run import Simulation
from sim.regress import ring_reliability


def test_named_configurations_cover_the_sizes_and_modes():
    """Both modes at 1, 2, 4, 70 and more vectors or queues; doorbells, no MSI, a moved bit."""
    fields = configurations().by_name.values()
    assert {1, 2, 4, 69, 1024} <= {each.num_queues for each in fields}
    assert {70, 2048} <= {each.num_vectors for each in fields}
    for name in ("msi_sharing", "notify_doorbells", "msi_support"):
        assert {0, 1} == {getattr(each, name) for each in fields}
    assert len({each.msi_feature_bit for each in fields}) > 1


def test_every_module_is_registered():
    """A module that no entry mentions would never run, and an entry without its module runs nothing."""
    missing = modules.registered().keys() - set(modules.names())
    assert not missing, f"sim/tests.toml names {', '.join(sorted(missing))}, and tb/tests has no such file"


def test_a_test_of_the_user_s_own_needs_no_entry(monkeypatch, tmp_path):
    """A module beside the project's: it is found and run when it is named, and no list has to be edited."""
    (tmp_path / "test_mine.py").write_text("")
    (tmp_path / "test_smoke.py").write_text("")
    assert modules.own(tmp_path) == ["test_mine"]
    monkeypatch.setattr(modules, "names", lambda: ["test_mine", *modules.registered()])
    monkeypatch.setattr(modules, "tests", lambda name: ["held_while_masked"])
    module, test = modules.find("test_mine:held_while_masked")
    assert (module.short_name, test) == ("test_mine", "held_while_masked")
    assert module.configurations and module.simulators


@pytest.mark.parametrize("module", [reliability.MODULE, ring_reliability.MODULE])
def test_a_long_run_replays(module):
    """The line that replays a run of `make reliability` or `make rings` is one that `make sim` takes."""
    test = modules.tests(module)[0]
    simulation = Simulation("verilator", "nonsharing", module, 3, test=test, timeout=7200)
    words = dict(word.split("=") for word in simulation.replay(None).split() if "=" in word)
    found, name = modules.find(words["TEST"])
    assert (found.name, name, words["SEED"], words["TIMEOUT"]) == (module, test, "3", "7200")


@pytest.mark.parametrize(
    "text, message",
    [
        ("main = [", "Invalid"),
        ("main = []\n[configurations.a]", "the file has no 'traces'"),
        ('main = ["b"]\ntraces = "a"\n[configurations.a]', "unknown configuration 'b'"),
        ('main = []\ntraces = "a"\n[configurations.a]\nqueues = 1', "configurations.a: unknown field 'queues'"),
        ('main = []\ntraces = "a"\n[configurations.a]\nnum_queues = "two"', "num_queues is 'two', not integer"),
        ('main = []\ntraces = "a"\n[configurations.a]\n[designs.d]\ntop = "t"', "designs.d has no 'files'"),
    ],
)
def test_mistake_in_the_configurations(text, message, tmp_path):
    """The error names the file and the thing."""
    file = tmp_path / "configs.toml"
    file.write_text(text)
    with pytest.raises(FlowError) as error:
        read(file)
    assert str(file) in str(error.value) or "unknown configuration" in str(error.value)
    assert message in str(error.value)


@pytest.mark.parametrize(
    "text, message",
    [
        ("[test_a]", "configurations"),
        ('[test_a]\nconfigurations = ["b"]', "unknown configuration 'b'"),
        (
            '[test_a]\nconfigurations = ["sharing"]\nsimulators = ["b"]',
            "test_a.simulators[0]: unknown value 'b'; known: icarus, verilator",
        ),
        ('[test_a]\nconfiguration = ["sharing"]', "test_a: unknown field 'configuration'"),
        (
            '[test_a]\nconfigurations = ["sharing", "nonsharing"]\nthorough = ["sharing"]',
            "test_a: thorough: sharing is none of its configurations but the first",
        ),
        (
            '[test_a]\nconfigurations = ["sharing"]\nsimulators = ["icarus"]\nthorough = ["sharing/icarus"]',
            "test_a: thorough: no simulator is left for sharing",
        ),
    ],
)
def test_mistake_in_the_table_of_tests(text, message, tmp_path):
    """The same for tests.toml."""
    file = tmp_path / "tests.toml"
    file.write_text(text)
    with pytest.raises(FlowError) as error:
        modules.registered(file)
    assert message in str(error.value)


def test_one_simulator_may_be_left_to_the_night(tmp_path):
    """Of the first configuration; the other simulator, and the other configurations, stay in `make test`."""
    file = tmp_path / "tests.toml"
    file.write_text('[test_a]\nconfigurations = ["sharing", "nonsharing"]\nthorough = ["sharing/icarus"]')
    module = modules.registered(file)["test_a"]
    left = [place for place in module.in_test if not module.is_thorough(*place)]
    assert module.in_test == [("sharing", "icarus"), ("sharing", "verilator"), ("nonsharing", "verilator")]
    assert left == module.in_test[1:]


def test_lint_covers_each_parameter():
    """Some corner differs from the default in each parameter that changes the hardware."""
    points = [*configurations().by_name.values(), *corners()]
    for name in points[0].parameters():
        assert len({point.parameters()[name] for point in points}) > 1, name


def test_wide_parameters_are_sized():
    """Above 31 bits a bare number would be cut off by the tools."""
    parameters = Design(ROOT / "rtl", configurations().by_name["packed"]).parameters()
    assert "DEVICE_FEATURES=64'h4500000000" in parameters
    assert "NUM_QUEUES=4" in parameters
