# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Which rules of virtio-mmio each device breaks that `make conformance` was run on."""

import json
from collections import Counter
from pathlib import Path

from sim.flow import schema
from sim.report.section import Section, Table

_VERDICTS = ("ok", "finding", "expected", "blocked", "not checkable")
_FINDING = schema.table({"cycle": schema.maybe(schema.INTEGER), "text": schema.TEXT}, further=True)
_TEXTS = ("check", "title", "level", "section", "verdict", "reason", "simulator", "replay")
_SHAPE = schema.items(
    schema.table(
        dict.fromkeys(_TEXTS, schema.TEXT) | {"findings": schema.items(_FINDING), "seconds": schema.NUMBER},
        further=True,
    )
)


def section(folder: Path) -> Section:
    """From every results.json in *folder*, build/conformance; each is of one device."""
    made = Section("conformance", "Conformance of devices", headline="not run")
    counts, bad, wrong = [], [], []
    for file in sorted(folder.glob("*/results.json")):
        try:
            results = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            wrong.append(f"{file.parent.name}/results.json cannot be read: {error}")
            continue
        found = schema.complaint(results, _SHAPE)
        if found:
            wrong.append(f"{file.parent.name}/results.json is malformed: {found}")
            continue
        for simulator in dict.fromkeys(each["simulator"] for each in results):
            of = [each for each in results if each["simulator"] == simulator]
            tally = Counter(each["verdict"] for each in of)
            seconds = round(sum(each["seconds"] for each in of), 1)
            counts.append([file.parent.name, simulator, *(tally[verdict] for verdict in _VERDICTS), seconds])
            bad += [
                [file.parent.name, simulator, *_row(each)] for each in of if each["verdict"] in ("finding", "expected")
            ]
    made.text = " ".join(wrong) if wrong else "" if counts else "Run: make conformance DUT=my_disk.toml"
    if not counts:
        return made
    findings = sum(row[3] for row in counts)
    clean = len({row[0] for row in counts})
    made.headline = f"{findings} findings" if findings else f"{clean} without a finding"
    made.mood = "bad" if findings or wrong else "good"
    made.tables.append(Table("", ["device", "simulator", *_VERDICTS, "seconds of simulation"], counts))
    if bad:
        columns = ["device", "simulator", "check", "level", "section", "verdict", "what was seen", "replay"]
        made.tables.append(Table("Findings", columns, bad, code=[2, 7], tall=True))
    return made


def _row(result: dict) -> list:
    seen = [f"cycle {each['cycle']}: {each['text']}" if each["cycle"] else each["text"] for each in result["findings"]]
    if result["reason"]:
        seen.insert(0, result["reason"])
    return [
        result["check"],
        result["level"],
        result["section"],
        result["verdict"],
        "; ".join(seen),
        result["replay"] if result["verdict"] == "finding" else "",
    ]
