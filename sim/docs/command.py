# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""`python -m sim docs`: builds the documents as a site, with an API reference; a broken link is an error."""

import argparse
import shutil
import subprocess
import sys

from sim.flow.paths import BUILD, ROOT

SITE = BUILD / "docs"


def main(arguments: list[str] | None = None) -> int:
    """Build the site; the exit status of Sphinx."""
    argparse.ArgumentParser(prog="python -m sim docs", description=__doc__.split(": ", 1)[1]).parse_args(arguments)
    shutil.rmtree(ROOT / "docs" / "api", ignore_errors=True)  # pages of modules that are gone
    sphinx = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html"]
    status = subprocess.run([*sphinx, str(ROOT / "docs"), str(SITE)], cwd=ROOT).returncode
    if not status:
        print(f"docs: {SITE.relative_to(ROOT) / 'index.html'}")
    return status
