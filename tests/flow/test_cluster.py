# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Regressions on a Dask cluster: a real scheduler and two worker processes."""

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from sim.flow import cluster as cluster_pool
from sim.flow import tools
from sim.flow.errors import FlowError
from sim.flow.paths import ROOT
from tests.flow.regressions import BENCHES, CHOICE, SIMULATOR, command, figures, regress, results_log, seeds
from tests.flow.test_regress_interrupted import simulators, wait_for


def start(words: list[str], log: Path, **environment: str) -> subprocess.Popen:
    """Start a part of the cluster from somewhere else, its output in a file."""
    with log.open("w") as output:
        return subprocess.Popen(
            [sys.executable, "-m", *words],
            cwd=log.parent,
            stdout=output,
            stderr=output,
            start_new_session=True,
            env=tools.environment() | {"PYTHONPATH": str(ROOT)} | environment,
        )


class Cluster:
    """A scheduler and two workers with one thread each."""

    def __init__(self, folder: Path, **environment: str):
        self._logs = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
        port = self.address.rpartition(":")[2]
        self.scheduler = start(
            ["sim", "cluster", "scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard"],
            folder / "scheduler.log",
        )
        wait_for(lambda: self.address in (folder / "scheduler.log").read_text(), "the scheduler")
        self.workers = [
            start(
                [
                    "sim",
                    "cluster",
                    "worker",
                    self.address,
                    "--no-nanny",
                    "--nthreads",
                    "1",
                    "--no-dashboard",
                    "--local-directory",
                    str(folder),
                ],
                folder / f"worker{number}.log",
                **environment,
            )
            for number in range(2)
        ]
        wait_for(
            lambda: all("Registered to" in (folder / f"worker{number}.log").read_text() for number in range(2)),
            "two workers",
        )

    def stop(self):
        """End all that is left of it."""
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


@pytest.fixture
def cluster(tmp_path):
    """A cluster; the benches of its workers wait as long as the file "gate" is there, from seed 3 on."""
    found = Cluster(tmp_path, TB_GATE=str(tmp_path / "gate"), TB_GATED="3")
    yield found
    found.stop()


def parent(process: Path) -> int:
    """The number of the parent of a process, given as its folder in /proc."""
    return int((process / "stat").read_text().rpartition(")")[2].split()[1])


def outcome(place: Path) -> list:
    """What the results of a regression say, apart from times and places."""
    return sorted(
        (
            [line["simulation"][name] for name in ("configuration", "module", "test", "seed")],
            [(case["name"], case["verdict"]) for case in line["cases"]],
            line["failures"],
            line["statistics"],
        )
        for line in results_log(place)
        if line["kind"] == "first"
    )


def test_cluster_gives_the_results_of_one_machine(cluster, tmp_path):
    """Tests that pass and tests that fail, seed by seed, down to the statistics; second runs and replay lines too."""
    choice = [*CHOICE, "--test", f"test_smoke,{BENCHES}.shaky", "--seeds", "3"]
    here = regress(tmp_path / "here", *choice)
    there = regress(tmp_path / "there", *choice, "--cluster", cluster.address)
    assert there.returncode == here.returncode == 1, there.stdout + there.stderr
    assert outcome(tmp_path / "there") == outcome(tmp_path / "here")
    assert len(outcome(tmp_path / "there")) == 6
    assert [
        [bucket[name] for name in ("words", "count", "reproduced", "replay")]
        for bucket in figures(tmp_path / "there")["buckets"]
    ] == [
        [bucket[name] for name in ("words", "count", "reproduced", "replay")]
        for bucket in figures(tmp_path / "here")["buckets"]
    ]


def test_lost_worker_loses_no_simulation_and_doubles_none(cluster, tmp_path):
    """Both workers are in the middle of a simulation; one of them is killed, and with it its simulator."""
    gate, place = tmp_path / "gate", tmp_path / "regressions"
    gate.touch()
    words = command(place, *CHOICE, "--test", f"{BENCHES}.gated", "--seeds", "7", "--cluster", cluster.address)
    flow = subprocess.Popen(
        words, cwd=ROOT, env=tools.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    numbers = {worker.pid for worker in cluster.workers}
    wait_for(lambda: {parent(process) for process in simulators(place)} == numbers, "a simulation on each worker")
    lost = cluster.workers[0]
    os.kill(lost.pid, signal.SIGKILL)
    lost.wait()
    wait_for(lambda: len(simulators(place)) == 1, "the simulator goes with its worker")
    gate.unlink()
    output, errors = flow.communicate(timeout=600)
    assert flow.returncode == 0, output + errors
    assert seeds(place) == [1, 2, 3, 4, 5, 6, 7]
    assert "7 tests passed, 0 failed in 7 simulations" in output


def test_lost_scheduler_is_said_and_the_rest_is_run_here(cluster, tmp_path):
    """One line; the results are there, and the same choice without the cluster does what is missing."""
    gate, place = tmp_path / "gate", tmp_path / "regressions"
    gate.touch()
    choice = [*CHOICE, "--test", f"{BENCHES}.gated", "--seeds", "4"]
    words = command(place, *choice, "--cluster", cluster.address)
    flow = subprocess.Popen(
        words, cwd=ROOT, env=tools.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    wait_for(lambda: seeds(place) == [1, 2] and simulators(place), "two results and more under way")
    cluster.scheduler.kill()
    output, errors = flow.communicate(timeout=600)
    assert flow.returncode == 2, output + errors
    assert errors.splitlines()[-1].startswith("sim: lost the Dask scheduler")
    gate.unlink()
    rest = regress(place, *choice, TB_GATE=str(gate))
    assert rest.returncode == 0, rest.stdout + rest.stderr
    assert "2 of them done before" in rest.stdout


def test_no_scheduler_is_one_line(tmp_path):
    """Nobody listens there."""
    process = regress(tmp_path, *CHOICE, "--test", "test_smoke", "--cluster", "tcp://127.0.0.1:9")
    assert process.returncode == 2
    assert "no Dask scheduler at 'tcp://127.0.0.1:9'" in process.stderr.splitlines()[-1]


def test_slow_scheduler_is_waited_for(monkeypatch):
    """One who listens has long to answer, as on a busy machine; where nobody listens, nobody will."""
    patience = []

    def client(address, timeout, **_):
        patience.append(timeout)
        raise OSError("no answer")

    monkeypatch.setattr(cluster_pool, "Client", client)
    with socket.socket() as slow:
        slow.bind(("127.0.0.1", 0))
        slow.listen()
        for address in (f"127.0.0.1:{slow.getsockname()[1]}", "127.0.0.1:9"):
            with pytest.raises(FlowError, match="no Dask scheduler"), cluster_pool.cluster(address):
                pass
    listens, nobody = patience
    assert listens >= 60 and nobody <= 5


DOCUMENTED = re.findall(r"^    (?:\.venv/bin/python|make) .*$", (ROOT / "docs" / "flow.md").read_text(), re.MULTILINE)


def test_documented_commands_work_as_written(tmp_path):
    """The three lines of docs/flow.md, with a free port instead of 8786 and one simulation instead of all."""
    lines = [line.partition("  #")[0].split() for line in DOCUMENTED if re.search(r"sim cluster|CLUSTER=", line)]
    assert [line[-1] if line[0] == "make" else line[4] for line in lines] == (
        ["scheduler", "worker", "CLUSTER=tcp://host:8786"]
    )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    log = tmp_path / "log"
    parts = []
    try:
        for words in lines[:2]:
            words = [word.replace("host:8786", address) for word in words]
            own = (
                ["--port", address.rpartition(":")[2], "--no-dashboard"]
                if words[4] == "scheduler"
                else ["--no-dashboard"]
            )
            with log.open("a") as output:
                parts.append(
                    subprocess.Popen([*words, *own], cwd=ROOT, stdout=output, stderr=output, start_new_session=True)
                )
        words = [word.replace("host:8786", address).replace("SEEDS=100", "SEEDS=2") for word in lines[2]]
        choice = [f"SIM={SIMULATOR}", "CONFIG=nonsharing", "TEST=test_smoke", f"ARGS=--directory '{tmp_path}' --new"]
        process = subprocess.run(
            [*words, *choice, "PYTHON=true"],
            cwd=ROOT,
            env=tools.environment(),
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert process.returncode == 0, process.stdout + process.stderr + log.read_text()
        assert "in 2 simulations" in process.stdout
    finally:
        for part in parts:
            os.killpg(part.pid, signal.SIGKILL)
            part.wait()


@pytest.mark.parametrize(
    "address, words",
    [
        ("tls://127.0.0.1:9", "no Dask scheduler at 'tls://127.0.0.1:9'"),
        ("127.0.0.1:9", "no Dask scheduler at 'tcp://127.0.0.1:9'"),
        ("tcp://127.0.0.1", "'tcp://127.0.0.1' is no address"),
        ("nonsense", "'nonsense' is no address"),
        ("ftp://127.0.0.1:9", "'ftp://127.0.0.1:9' is no address"),
        ("tcp://127.0.0.1:99999", "'tcp://127.0.0.1:99999' is no address"),
        ("tcp://no such host:9", "is no address"),
    ],
)
def test_bad_address_is_one_line(tmp_path, address, words):
    """Whatever the protocol says to it."""
    process = regress(tmp_path, *CHOICE, "--test", "test_smoke", "--cluster", address)
    assert process.returncode == 2
    assert words in process.stderr
    assert len(process.stderr.splitlines()) == 1, process.stderr


@pytest.mark.parametrize("part", ["scheduler", "worker"])
def test_part_that_does_not_find_the_project_is_refused(tmp_path, part):
    """Started as Dask's own documents say it, elsewhere; one line with the command that starts it rightly."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    plain, right = ["dask"], ["sim", "cluster"]
    nothing = {"PYTHONPATH": ""}
    scheduler = ["scheduler", "--host", "127.0.0.1", "--port", address.rpartition(":")[2], "--no-dashboard"]
    worker = ["worker", address, "--no-nanny", "--nthreads", "1", "--no-dashboard", "--local-directory", str(tmp_path)]
    parts = []
    try:
        if part == "scheduler":
            parts.append(start([*plain, *scheduler], tmp_path / "scheduler.log", **nothing))
        else:
            parts.append(start([*right, *scheduler], tmp_path / "scheduler.log"))
            parts.append(start([*plain, *worker], tmp_path / "worker.log", **nothing))
            wait_for(lambda: "Registered to" in (tmp_path / "worker.log").read_text(), "the worker")
        wait_for(lambda: address in (tmp_path / "scheduler.log").read_text(), "the scheduler")
        process = regress(tmp_path, *CHOICE, "--test", "test_smoke", "--cluster", address)
        assert process.returncode == 2, process.stdout + process.stderr
        (line,) = process.stderr.splitlines()
        assert f"does not find {ROOT}/sim; start it with: .venv/bin/python -m sim cluster {part}" in line
    finally:
        for each in parts:
            each.kill()
            each.wait()


def test_waiting_for_a_worker_is_said(tmp_path):
    """There is a scheduler, and nobody who works."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    words = ["scheduler", "--host", "127.0.0.1", "--port", address.rpartition(":")[2], "--no-dashboard"]
    scheduler = start(["sim", "cluster", *words], tmp_path / "scheduler.log")
    flow = None
    try:
        wait_for(lambda: address in (tmp_path / "scheduler.log").read_text(), "the scheduler")
        with (tmp_path / "errors").open("w") as errors:
            flow = subprocess.Popen(
                command(tmp_path, *CHOICE, "--test", "test_smoke", "--cluster", address),
                cwd=ROOT,
                env=tools.environment(),
                stdout=subprocess.DEVNULL,
                stderr=errors,
            )
        wait_for(lambda: f"no worker at '{address}'; start one with" in (tmp_path / "errors").read_text(), "the line")
    finally:
        for each in (scheduler, flow):
            if each:
                each.kill()
                each.wait()
