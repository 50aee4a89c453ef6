# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""build/formal/results.json: what became of each task and seeded fault of the last `make formal` or `make formal-all`.

The file is one JSON object::

    made      date and time, ISO 8601, UTC
    git       `git describe` of the tree
    all       true: the full matrix; false: the part that CI runs
    machine   {"cores": number, "jobs": how many ran at a time, "load_before": 1-minute load, "load_after": the same
              at the end}
    solver    which SMT solver
    seconds   of the whole run; cpu_seconds: of one core, for all tools together, which depends less on the load
    passed    how many are as they should be
    failed    how many are not
    results   list of {"name", "kind": "prove", "cover" or "fault", "good", "seconds", "text": a few words}
"""

from pathlib import Path

from sim.flow import artifact
from sim.formal.runner import BUILD, Result


def write(results: list[Result], kinds: dict[str, str], **about: object) -> Path:
    """Write the file, whole or not at all; `kinds` by name, `about` is the rest of the object. Its path."""
    good = sum(result.good for result in results)
    content = {
        **artifact.head(),
        **about,
        "passed": good,
        "failed": len(results) - good,
        "results": [
            {
                "name": result.name,
                "kind": kinds[result.name],
                "good": result.good,
                "seconds": round(result.seconds, 1),
                "text": result.text,
            }
            for result in results
        ],
    }
    return artifact.write_json(BUILD / "results.json", content)
