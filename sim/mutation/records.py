# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What is known of the mutants of one version of the design: kept in a file, so that a campaign can be interrupted.

build/mutation/records-<digest of rtl/>.json: mutant's name -> {"outcome", "by", "passed", "unseen", "tests",
"proof", "seconds"},
as in campaign.py.
"""

import hashlib
import json
import threading
from collections.abc import Iterable
from pathlib import Path

from sim.flow import artifact
from sim.flow.paths import BUILD, ROOT

FOLDER = BUILD / "mutation"


def digest(files: Iterable[Path]) -> str:
    """A short name for the content of files."""
    result = hashlib.sha256()
    for file in sorted(files):
        result.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return result.hexdigest()[:12]


def text_digest(*texts: str) -> str:
    """A short name for texts."""
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:12]


def testbench_digest() -> str:
    """Changes with what the tests do."""
    return digest([*(ROOT / "tb").rglob("*.py"), ROOT / "sim" / "tests.toml", ROOT / "sim" / "configs.toml"])


def tests_digest() -> str:
    """Changes with the testbench, with the proof tasks, or with who meets what: a mutant that survived is then tried
    again."""
    proofs = [path for path in (ROOT / "formal").rglob("*") if path.suffix in (".toml", ".v", ".vh")]
    return text_digest(testbench_digest(), digest(proofs), Path(__file__).with_name("plan.toml").read_text())


class Records:
    """The records of the design in rtl.

    Args:
        rtl: folder of the design.
        folder: where the file is.
    """

    def __init__(self, rtl: Path, folder: Path = FOLDER) -> None:
        self.design = digest(rtl.rglob("*.v*"))
        self._file = folder / f"records-{self.design}.json"
        self._guard = threading.Lock()
        self._content = json.loads(self._file.read_text()) if self._file.is_file() else {}

    def get(self, name: str) -> dict | None:
        """The record of a mutant."""
        with self._guard:
            return self._content.get(name)

    def put(self, name: str, record: dict) -> None:
        """Keep the record of a mutant, on disk."""
        with self._guard:
            self._content[name] = record
            artifact.write_json(self._file, self._content, indent=0)
