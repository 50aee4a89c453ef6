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

import datetime
import json
import subprocess

from sim.formal.runner import BUILD, ROOT


def write(results, kinds, **about):
    """Write the file, whole or not at all; `kinds` by name, `about` is the rest of the object. Its path."""
    good = sum(result.good for result in results)
    content = {
        "made": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "git": subprocess.run(
            ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True
        ).stdout.strip(),
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
    BUILD.mkdir(parents=True, exist_ok=True)
    file = BUILD / "results.json"
    unfinished = file.with_suffix(".new")
    unfinished.write_text(json.dumps(content, indent=1) + "\n")
    unfinished.rename(file)
    return file
