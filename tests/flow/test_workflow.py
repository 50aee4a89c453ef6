# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The GitHub workflow: valid, without what makes workflows unsafe, and made of commands that exist."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from sim.flow import tools
from sim.flow.paths import ROOT

WORKFLOW = ROOT / ".github" / "workflows" / "ci.yml"


def check(tool: str, file: Path) -> subprocess.CompletedProcess:
    """Run one of the two checkers on a workflow."""
    folder = Path(sys.executable).parent
    words = {
        "schema": [folder / "check-jsonschema", "--builtin-schema", "vendor.github-workflows"],
        "safety": [folder / "zizmor", "--offline", "--no-progress"],
    }[tool]
    return subprocess.run([*words, file], capture_output=True, text=True)


@pytest.mark.parametrize("tool", ["schema", "safety"])
def test_workflow_is_accepted(tool):
    """The schema of workflows, and the audits of zizmor: permissions, pinned actions, text from outside in commands."""
    process = check(tool, WORKFLOW)
    assert process.returncode == 0, process.stdout + process.stderr


@pytest.mark.parametrize(
    "tool, old, new, complaint",
    [
        ("schema", "timeout-minutes: 60", "timeout: 60", "timeout"),
        ("schema", "    runs-on: ubuntu-24.04\n", "", "runs-on"),
        ("safety", re.search("@[0-9a-f]{40}", WORKFLOW.read_text()).group(), "@v6", "unpinned-uses"),
        ("safety", 'SEEDS="$SEEDS"', "SEEDS=${{ inputs.seeds }}", "template-injection"),
    ],
)
def test_mistake_in_the_workflow_is_found(tmp_path, tool, old, new, complaint):
    """Each check can fail."""
    text = WORKFLOW.read_text()
    assert old in text
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    (folder / "ci.yml").write_text(text.replace(old, new))
    process = check(tool, folder / "ci.yml")
    assert process.returncode != 0
    assert complaint in process.stdout + process.stderr


def test_commands_exist():
    """Every `make` target that the workflow calls."""
    targets = set(re.findall(r"run: make (\S+)", WORKFLOW.read_text()))
    assert {"lint", "test", "regress"} <= targets
    for target in targets:
        process = subprocess.run(
            ["make", "-n", target], cwd=ROOT, env=tools.environment(), capture_output=True, text=True
        )
        assert process.returncode == 0, process.stderr
