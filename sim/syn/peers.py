# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Other designs that the user has at hand, measured beside the endpoint: PEERS=folder.

Each sub-folder that holds a peer.toml is a peer. README.md describes that file.
"""

from pathlib import Path

from sim.flow import schema
from sim.flow.errors import FlowError
from sim.syn.devices import DEVICES
from sim.syn.subject import Subject
from sim.syn.unit import Unit

DESCRIPTION = "peer.toml"
_HEADERS = (".vh", ".svh", ".v", ".sv")
_SCHEMA = schema.table(
    {
        "sources": schema.items(schema.NAME),
        "top": schema.NAME,
        "clock": schema.NAME,
        "design": schema.items(
            schema.table({"label": schema.NAME}, {"parameters": schema.OBJECT, "vectors": schema.INTEGER})
        ),
    },
    {
        "include": schema.items(schema.NAME),
        "device": schema.one_of(DEVICES),
        "without": schema.items(schema.TEXT),
    },
)


def read(folder: Path, aims: dict[str, float]) -> list[Subject]:
    """Every design of every peer. aims: device -> MHz asked of the placer.

    Raises:
        FlowError: no such folder, no peer in it, or a mistake in a description.
    """
    if not folder.is_dir():
        raise FlowError(f"PEERS: {folder} is not a folder")
    files = sorted(folder.glob(f"*/{DESCRIPTION}"))
    if not files:
        raise FlowError(
            f"PEERS: no sub-folder of {folder} has a {DESCRIPTION}; docs/results/synthesis.md says what is in one"
        )
    return [subject for file in files for subject in _peer(file, aims)]


def _peer(file: Path, aims: dict[str, float]) -> list[Subject]:
    content = schema.read_toml(file, _SCHEMA)
    device = content.get("device", "ecp5")
    files: dict[str, Path] = {}
    sources, includes = [], ["."]
    for pattern in content["sources"]:
        found = _glob(file, pattern)
        if not found:
            raise FlowError(f"{file}: sources: {pattern!r} is no file")
        for source in found:
            if files.setdefault(source.name, source) != source:
                raise FlowError(
                    f"{file}: sources: two files are named {source.name}; name each by itself and leave one out"
                )
            sources.append(source.name)
    for number, pattern in enumerate(content.get("include", [])):
        root = file.parent / pattern
        if not root.is_dir():
            raise FlowError(f"{file}: include: {pattern!r} is no folder")
        for header in sorted(root.rglob("*")):
            if header.suffix in _HEADERS and header.is_file():
                files[f"include{number}/{header.relative_to(root)}"] = header
        includes.append(f"include{number}")
    subjects = []
    for entry in content["design"]:
        parameters = {name: str(value) for name, value in entry.get("parameters", {}).items()}
        unit = Unit(
            content["top"],
            content["clock"],
            files,
            tuple(sources),
            tuple(includes),
            parameters,
            tuple(content.get("without", [])),
        )
        subjects.append(
            Subject(device, entry["label"], unit, aims[device], vectors=entry.get("vectors"), peer=file.parent.name)
        )
    return subjects


def _glob(file: Path, pattern: str) -> list[Path]:
    """The files that a pattern relative to the description's folder names; it may lead outside."""
    if Path(pattern).is_absolute():
        raise FlowError(f"{file}: sources: {pattern!r} must be a path or pattern relative to the file's folder")
    return sorted(path for path in file.parent.glob(pattern) if path.is_file())
