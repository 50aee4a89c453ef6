"""Regressions on a Dask cluster: a real scheduler and two worker processes."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from sim.flow import tools
from sim.flow.paths import ROOT
from tests.flow.regressions import BENCHES, CHOICE, command, figures, journal, regress, seeds
from tests.flow.test_regress_interrupted import simulators, wait_for


def start(words: list[str], log: Path, **environment: str) -> subprocess.Popen:
    """Start Dask's own command line in the project's folder, its output in a file."""
    with log.open("w") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "dask", *words],
            cwd=ROOT,
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
            ["scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard"], folder / "scheduler.log"
        )
        wait_for(lambda: self.address in (folder / "scheduler.log").read_text(), "the scheduler")
        self.workers = [
            start(
                [
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
        for line in journal(place)
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
