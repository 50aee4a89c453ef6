# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""`python -m sim yardstick`: QEMU's own devices beside the endpoint, where QEMU can be had."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sim.cosim.errors import Unavailable
from sim.flow.paths import ROOT
from sim.yardstick import command, qemu, report
from sim.yardstick.comparison import Differential, differences, first_wrong
from sim.yardstick.model import DIFFERENCES, Model
from sim.yardstick.random_sequences import sequence
from sim.yardstick.scenarios import INTERRUPTS, KNOWN, Difference, Scenario, rules, scenarios
from sim.yardstick.shrink import shrink
from sim.yardstick.steps import message
from tests.cosim.test_guests import children

LIMIT = 300  # seconds
FEW = 6  # random sequences
NOT_RANDOM = ("stop", "mask all")  # steps that random sequences do not have
FAULTS = {  # file -> what becomes of a line: events of masked vectors are lost, a mapping moves nothing
    "virtio_msi_vector_state.v": (".set(pend), .set_index", ".set(pend && !row_masked[pend_vector]), .set_index"),
    "virtio_msi_event_map.v": ("step[5] && moving && (peeked_used || peeked_config)", "1'b0"),
}


@pytest.fixture
def there():
    """Skips the test where QEMU cannot be had."""
    try:
        qemu.version()
    except Unavailable as reason:
        pytest.skip(str(reason))


@pytest.fixture
def measured(monkeypatch):
    """Measure once: what is measured again is what was measured before."""
    once, kept = command.measure, []

    def measure(*arguments):
        kept[:] = kept or [once(*arguments)]
        return kept[0]

    monkeypatch.setattr(command, "measure", measure)


def without(name: str, folder: Path) -> Path:
    """The known differences without one of them."""
    head, *entries = KNOWN.read_text().split("\n[")
    left = [entry for entry in entries if not entry.startswith(f"{name}]")]
    assert len(left) == len(entries) - 1
    file = folder / f"{name}.toml"
    file.write_text("\n[".join([head, *left]))
    return file


def test_yardstick(there, measured, capsys, monkeypatch, tmp_path):
    """All is as known. Each known difference is needed: without it the command fails, and says where. A QEMU that
    nobody has tried gets a line."""
    arguments = ["-n", str(FEW)]
    assert command.main(arguments) == 0
    said = capsys.readouterr().out
    assert "all as known: 21 scenarios are the same, 18 differ for a known reason" in said
    found = json.loads(report.RESULTS.read_text())
    assert len(found["scenarios"]) == 39 and found["random"]["sequences"] == FEW and not found["random"]["problems"]
    needed = found["random"]["needed"]
    assert needed["remap_forgets"] and needed["pending_stays_at_off"]
    lost = next(
        each for each in found["scenarios"] if each["scenario"].startswith("masked and pending, remapped to an")
    )
    assert lost["rules"] == ["remap_forgets"] and "unmask 1: message none" in lost["qemu"]
    assert "map queue0 3: message 3" in lost["endpoint"]
    for name in rules():
        assert command.main([*arguments, "--known", str(without(name, tmp_path))]) == 1
        said = capsys.readouterr().out
        assert "FAILED unexpected difference: " in said and f"SEED=1 N={FEW}" in said
        assert ("FAILED sequence" in said) == bool(needed.get(name)), name
    monkeypatch.setattr(qemu, "version", lambda: (9, "9.2.4"))
    assert command.main(arguments) == 0
    assert "The known differences are those of QEMU 7 and 10" in capsys.readouterr().out


def test_a_fault_of_the_endpoint_is_found(there, capsys, monkeypatch, tmp_path):
    """A fault in the RTL: a difference that nobody expects, one that is expected and not there, random sequences."""
    broken = tmp_path / "rtl"
    shutil.copytree(ROOT / "rtl", broken)
    for name, (right, wrong) in FAULTS.items():
        file = next(broken.rglob(name))
        assert file.read_text().count(right) == 1
        file.write_text(file.read_text().replace(right, wrong))
    monkeypatch.setenv("RTL", str(broken))
    assert command.main(["-n", str(FEW)]) == 1
    said = capsys.readouterr().out
    assert (
        "FAILED unexpected difference: masked, three events, unmask: step 2, 'used 0': pending: QEMU 1, endpoint none"
        in said
    )
    assert "FAILED expected difference not seen: masked and pending, remapped to an open vector, unmask: step 3" in said
    assert "FAILED sequence " in said and " of the endpoint: " in said
    (line,) = (line for line in said.splitlines() if "it takes no more than: sequence " in line)
    assert line.partition("; steps: ")[2].count(",") < 5 and " of the endpoint: " in line
    assert f"replay: make yardstick RTL={broken} SIM=icarus SEED=1 N={FEW}" in said


def test_the_model_predicts_the_scenarios():
    """The expected differences of the scenarios, and the model of the random sequences, say the same."""
    known = rules()
    checked = 0
    for scenario in scenarios(known):
        if scenario.family != INTERRUPTS or any(step.startswith(NOT_RANDOM) for step in scenario.steps):
            continue
        steps = list(scenario.steps[1:])
        assert set(differences(Model(DIFFERENCES).run(steps), Model(()).run(steps))) == set(scenario.expected)
        checked += 1
    assert checked == 21


def test_what_is_expected_and_not_there_is_wrong():
    """Both kinds of surprise have a line of their own."""
    scenario = Scenario(INTERRUPTS, "one", ("bring up", "used 0"), {Difference(1, "line", "0", "1"): "rule"})
    seen = command.Compared.of(
        scenario, [{"line": 0}, {"line": 0, "pending": []}], [{"line": 0}, {"line": 0, "pending": [2]}]
    )
    assert list(seen.problems()) == [
        "unexpected difference: one: step 1, 'used 0': pending: QEMU none, endpoint 2",
        "expected difference not seen: one: step 1, 'used 0': line: QEMU 0, endpoint 1 (rule)",
    ]


def test_a_failure_is_made_short():
    """Of a QEMU without any known difference: no step that is left can go. What does not happen again is None."""

    async def run(steps):
        return Model(()).run(steps)

    async def well(steps):
        return Model(DIFFERENCES).run(steps)

    found = Differential()
    for number in range(1, 41):
        steps = sequence(1, number)
        found.add(number, steps, Model(()).run(steps), Model(()).run(steps), DIFFERENCES)
    assert len(found.failures) > 10 and {failure.side for failure in found.failures} == {"QEMU"}
    for failure in found.failures:
        left = asyncio.run(shrink(failure, DIFFERENCES, run))
        assert left.wrong.what == failure.wrong.what and len(left.steps) <= min(6, len(failure.steps))
        for number, step in enumerate(left.steps):
            rest = [*left.steps[:number], *left.steps[number + 1 :]]
            wrong = first_wrong(rest, Model(()).run(rest), DIFFERENCES)
            assert wrong is None or wrong.what != left.wrong.what or "bring up" in (step, *rest), left
        assert asyncio.run(shrink(failure, DIFFERENCES, well)) is None


def test_sequences_come_from_the_seed():
    """A sequence does not depend on how many there are; messages differ in address and data."""
    assert sequence(5, 3) == sequence(5, 3) != sequence(6, 3)
    every = [message(vector, number) for vector in range(4) for number in range(4)]
    assert len({address for address, _ in every}) == len({data for _, data in every}) == 16


@pytest.mark.parametrize(
    "arguments, named",
    [
        (["--sim", "modelsim"], "unknown simulator 'modelsim'"),
        (["--seed", "twelve"], "seed 'twelve'"),
        (["-n", "0"], "'0' is not a whole number above 0"),
        (["--known", "/nowhere.toml"], "/nowhere.toml"),
    ],
)
def test_bad_input_is_refused_by_name(arguments, named, capsys):
    """One line, exit status 2."""
    assert command.main(arguments) == 2
    errors = capsys.readouterr().err
    assert named in errors and errors.count("\n") == 1


def test_without_qemu(capsys, monkeypatch):
    """One line says what to install, and nothing is claimed."""

    def refuse(*packages):
        raise Unavailable(f"missing Debian packages; install them with: sudo apt-get install {' '.join(packages)}")

    monkeypatch.setattr(qemu.host_tools, "need", refuse)
    assert command.main([]) == 2
    output = capsys.readouterr()
    assert output.err == "yardstick: missing Debian packages; install them with: sudo apt-get install qemu-system-x86\n"
    assert "known" not in output.out


@pytest.mark.parametrize(
    "victim, number, status, said",
    [
        ("qemu-system-x86", signal.SIGKILL, 1, "FAILED QEMU was killed by SIGKILL"),
        (None, signal.SIGTERM, 130, "yardstick: interrupted"),
        (None, signal.SIGKILL, -signal.SIGKILL, ""),
    ],
)
def test_killed_in_the_middle(victim, number, status, said, there, tmp_path):
    """Whoever is killed, all end, one line says why, and no file is left in a folder for temporary ones."""
    process = subprocess.Popen(
        [sys.executable, "-m", "sim", "yardstick", "-n", "3000"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | {"TMPDIR": str(tmp_path)},
    )
    try:
        limit = time.monotonic() + LIMIT
        family: dict[int, str] = {}
        while "qemu-system-x86" not in family.values() or "vvp" not in family.values():
            assert process.poll() is None, process.stdout.read()
            assert time.monotonic() < limit
            time.sleep(0.02)
            family = children(process.pid)
        target = process.pid if victim is None else next(child for child, name in family.items() if name == victim)
        os.kill(target, number)
        output, _ = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == status
    assert said in output and "Traceback" not in output
    limit = time.monotonic() + 10
    while any(Path(f"/proc/{child}").exists() for child in family):
        assert time.monotonic() < limit, family
        time.sleep(0.05)
    assert not list(tmp_path.iterdir())
