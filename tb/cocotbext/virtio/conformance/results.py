# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What the suite leaves: lines for people, results.json, and JUnit XML."""

import json
import os
import shlex
from pathlib import Path
from xml.etree import ElementTree

from cocotbext.virtio.conformance.builder import RUN_LOG
from cocotbext.virtio.conformance.settings import Settings
from cocotbext.virtio.conformance.suite import VERDICTS, Result


def replay(settings: Settings, result: Result) -> str:
    """The command that runs a check again with waves."""
    file = shlex.quote(os.path.relpath(settings.file))
    return (
        f"python -m cocotbext.virtio.conformance {file} --check {result.check.name} --sim {result.simulator} "
        f"--seed {result.seed} --waves"
    )


def lines(settings: Settings, result: Result) -> list[str]:
    """A line for a check, and one for each finding below it."""
    check = result.check
    section = f"{check.section} {' '.join(check.requirements)}"
    text = [f"{result.verdict:14}{check.name:34}{check.level:8}{section}"]
    if result.reason:
        text.append(f"    {result.reason}")
    if result.verdict in ("finding", "expected"):
        for cycle, finding in result.findings:
            text.append(f"    {f'cycle {cycle}: ' if cycle is not None else ''}{finding}")
    if result.verdict == "finding":
        text.append(f"    replay: {replay(settings, result)}")
        if result.folder is not None:
            waves = [path for path in result.folder.glob("waves.*") if path.is_file()]
            text += [f"    waves:  {os.path.relpath(path)}" for path in waves]
            if (result.folder / RUN_LOG).is_file():
                text.append(f"    log:    {os.path.relpath(result.folder / RUN_LOG)}")
    return text


def summary(results: list[Result]) -> str:
    """Counts of the verdicts."""
    counts = {verdict: sum(result.verdict == verdict for result in results) for verdict in VERDICTS}
    return ", ".join(f"{count} {verdict}" for verdict, count in counts.items() if count)


def write(settings: Settings, results: list[Result], folder: Path) -> None:
    """results.json and junit.xml in *folder*."""
    folder.mkdir(parents=True, exist_ok=True)
    content = [
        {
            "check": result.check.name,
            "title": result.check.title,
            "level": result.check.level,
            "section": result.check.section,
            "requirements": list(result.check.requirements),
            "ports": list(result.check.ports),
            "verdict": result.verdict,
            "findings": [{"cycle": cycle, "text": text} for cycle, text in result.findings],
            "reason": result.reason,
            "cycles": result.cycles,
            "seconds": round(result.seconds, 3),
            "simulator": result.simulator,
            "seed": result.seed,
            "replay": replay(settings, result),
        }
        for result in results
    ]
    _write(folder / "results.json", json.dumps(content, indent=1) + "\n")
    suite = ElementTree.Element(
        "testsuite",
        name=f"conformance of {settings.name}",
        tests=str(len(results)),
        errors="0",
        failures=str(sum(result.verdict == "finding" for result in results)),
        skipped=str(sum(result.verdict in ("blocked", "not checkable") for result in results)),
        time=f"{sum(result.seconds for result in results):.3f}",
    )
    for result in results:
        case = ElementTree.SubElement(
            suite,
            "testcase",
            classname=f"{settings.name}.{result.simulator}",
            name=result.check.name,
            time=f"{result.seconds:.3f}",
        )
        if result.verdict == "finding":
            texts = [f"cycle {cycle}: {text}" if cycle is not None else text for cycle, text in result.findings]
            failure = ElementTree.SubElement(
                case, "failure", message=_printable(texts[0] if texts else result.check.title)
            )
            failure.text = _printable("\n".join([*texts, f"replay: {replay(settings, result)}"]))
        elif result.verdict in ("blocked", "not checkable"):
            ElementTree.SubElement(case, "skipped", message=_printable(f"{result.verdict}: {result.reason}"))
        elif result.verdict == "expected":
            ElementTree.SubElement(case, "system-out").text = _printable(f"expected: {result.reason}")
    _write(folder / "junit.xml", ElementTree.tostring(suite, encoding="unicode") + "\n")


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() or character == "\n" else "?" for character in text)


def _write(file: Path, text: str) -> None:
    """All of it, or nothing."""
    unfinished = file.with_suffix(file.suffix + ".new")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(file)
