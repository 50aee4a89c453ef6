# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The documents: every local link leads somewhere, the first screen fits, and the site builds without a warning."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from sim.flow.paths import ROOT

PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "formal" / "README.md", *ROOT.glob("sw/**/*.md")]
README_LINES, README_BYTES = 150, 9 * 1024


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as the usual viewers make them."""
    text = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    plain = (re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading) for heading in headings)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in plain}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_local_links(page):
    """File and heading of every link that stays in the project are there."""
    if page.is_relative_to(ROOT / "docs" / "api"):
        pytest.skip("generated")
    text = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
    broken = []
    for target, anchor in re.findall(r"\]\(([^)#\s]*)(?:#([^)\s]*))?\)", text):
        if "://" in target:
            continue
        file = (page.parent / target).resolve() if target else page
        if not file.exists():
            broken.append(target)
        elif anchor and file.suffix == ".md" and anchor not in anchors(file):
            broken.append(f"{target}#{anchor}")
    assert not broken


def test_first_screen():
    """The README stays short; what it leaves out is in docs/."""
    text = (ROOT / "README.md").read_text()
    assert len(text.splitlines()) <= README_LINES and len(text.encode()) <= README_BYTES


def test_site():
    """Sphinx builds the site; a warning is an error."""
    done = subprocess.run([sys.executable, "-m", "sim", "docs"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
