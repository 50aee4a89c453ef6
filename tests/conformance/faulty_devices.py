# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Devices with the faults of examples/conformance/devices/faults.toml.

A fault is built alone, or many of them in one design: there, an edited module holds itself and a copy of itself for
each fault, and the plusarg `fault` chooses whose outputs are taken. Icarus builds a design in a second or two,
Verilator in half a minute; so Verilator's faults are together where they can be.
"""

import fcntl
import json
import re
import shutil
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path

from cocotbext.virtio.conformance import builder, settings

ROOT = Path(__file__).resolve().parents[2]
DEVICES = ROOT / "examples" / "conformance" / "devices"
FAULTS: list[dict] = tomllib.loads((DEVICES / "faults.toml").read_text())["fault"]
SIMULATOR = "verilator"  # of what is built together

_PARAMETER = re.compile(r"\bparameter\s+(?:\[[^]]*\]\s*)?(\w+)\s*=")
_PORT = re.compile(r"^\s*(input|output)\s+(?:wire|reg)\s+(\[.*?\]\s+)?(\w+)", re.MULTILINE)


def good(device: str) -> Path:
    """The description of a good device, as faults name it."""
    return DEVICES / f"{device}.toml"


def place(name: str, device: str) -> Path:
    """The file that an edit names: below rtl/, or beside the description of the device."""
    return next(each for each in (ROOT / "rtl" / name, good(device).parent / name) if each.is_file()).resolve()


def describe(
    folder: Path, device: str, changed: dict[Path, str], parameters: dict, patience: int | None = None, fault: int = 0
) -> Path:
    """Write a description of a device and, beside it, its changed files; returns the description.

    Args:
        device: the good one; changed: file of it -> new text; parameters: beside its own; fault: the plusarg.
    """
    base = settings.load(good(device))
    sources = []
    for path in base.sources:
        if path in changed:
            (folder / path.name).write_text(changed[path])
        sources.append(str(folder / path.name if path in changed else path))
    return write(folder, base, sources, parameters, patience, fault)


def write(
    folder: Path, base: settings.Settings, sources: list[str], parameters: dict, patience: int | None, fault: int
) -> Path:
    """Write the description of a device like *base* of other sources."""
    keys = {
        "name": "faulty",
        "class": base.device_class,
        "sources": sources,
        "includes": list(map(str, base.includes)),
        "patience": patience or base.patience,
        "rings": base.rings,
    }
    lines = [f"{key} = {json.dumps(value)}" for key, value in keys.items()]
    lines += ["[parameters]"]
    lines += [f"{key} = {json.dumps(value)}" for key, value in (base.parameters | parameters).items()]
    lines += ["[plusargs]", f"fault = {fault}"]
    file = folder / "faulty.toml"
    file.write_text("\n".join(lines) + "\n")
    return file


def edited(fault: dict) -> dict[Path, str]:
    """File -> its text with the fault."""
    texts: dict[Path, str] = {}
    for name, old, new in fault["edits"]:
        path = place(name, fault.get("device", "rng"))
        text = texts.setdefault(path, path.read_text())
        assert text.count(old) == 1, f"{name}: {text.count(old)} times {old!r}"
        texts[path] = text.replace(old, new)
    return texts


def alone(folder: Path, fault: dict, patience: int | None = None) -> Path:
    """The description of a device with this fault."""
    return describe(folder, fault.get("device", "rng"), edited(fault), fault.get("parameters", {}), patience)


def kind(fault: dict) -> tuple[str, str]:
    """Faults can be built together when they are of one kind: device, and parameters."""
    return fault.get("device", "rng"), json.dumps(fault.get("parameters", {}), sort_keys=True)


def companions(fault: dict) -> dict[int, dict]:
    """The faults that are built together with one of them, by their number; empty when it is built alone.

    Built alone is a fault that changes the ports of a module, or a module around another one that has faults.
    """
    together = _together(*kind(fault))
    return together if fault in together.values() else {}


@cache
def _together(device: str, parameters: str) -> dict[int, dict]:
    alike = {number: each for number, each in enumerate(FAULTS, 1) if kind(each) == (device, parameters)}
    texts = {number: edited(each) for number, each in alike.items()}
    bodies = {path.stem: re.sub(r"//.*", "", path.read_text()) for path in settings.load(good(device)).sources}
    uses = {name: set(re.findall(r"\w+", body)) & bodies.keys() - {name} for name, body in bodies.items()}

    def inside(name: str) -> set[str]:
        return uses[name].union(*(inside(other) for other in uses[name]))

    touched = {path.stem for each in texts.values() for path in each}
    outer = {name for name in touched if inside(name) & touched}
    return {
        number: alike[number]
        for number, each in texts.items()
        if all(path.stem not in outer and _header(path.read_text()) == _header(text) for path, text in each.items())
    }


def together(folder: Path, faults: dict[int, dict], patience: int | None = None, fault: int = 0) -> Path:
    """The description of a device with all of these faults, of one kind: the plusarg chooses one, 0 none."""
    variants: dict[Path, dict[int, str]] = {}
    for number, each in faults.items():
        for path, text in edited(each).items():
            variants.setdefault(path, {0: path.read_text()})[number] = text
    changed = {path: _multiplexer(path.stem, texts) for path, texts in variants.items()}
    one = next(iter(faults.values()))
    return describe(folder, one.get("device", "rng"), changed, one.get("parameters", {}), patience, fault)


def _header(text: str) -> str:
    """A module from its name to the end of its ports."""
    return re.sub(r"//.*", "", text[text.index("\nmodule ") : text.index("\n);") + 3])


def _multiplexer(module: str, texts: dict[int, str]) -> str:
    """A module that is any of these texts of it, by number."""
    lines = []
    for number, text in texts.items():
        assert text.count(f"\nmodule {module} ") == 1
        lines.append(text.replace(f"\nmodule {module} ", f"\nmodule {module}__{number} "))
    header = _header(texts[0])
    parameters = ", ".join(f".{name}({name})" for name in _PARAMETER.findall(header))
    ports = [(way, width, name) for way, width, name in _PORT.findall(header)]
    outputs = [(width, name) for way, width, name in ports if way == "output"]
    lines += ["`default_nettype none", re.sub(r"\boutput(\s+)reg\b", r"output\1wire", header)]
    lines += ["integer fault;", 'initial if (!$value$plusargs("fault=%d", fault)) fault = 0;']
    for number in texts:
        lines += [f"wire {width}{name}__{number};" for width, name in outputs]
        given = ", ".join(f".{name}({name if way == 'input' else f'{name}__{number}'})" for way, _, name in ports)
        lines.append(f"{module}__{number} #({parameters}) copy_{number} ({given});")
    for _, name in outputs:
        choice = "".join(f"(fault == {number}) ? {name}__{number} : " for number in texts if number)
        lines.append(f"assign {name} = {choice}{name}__0;")
    return "\n".join([*lines, "endmodule", "`default_nettype wire", ""])


def prepared(folder: Path, shared: Path, fault: dict, patience: int | None = None) -> Path:
    """As `alone` for Verilator, built in *folder*/build: from what all tests of a run share in *shared*."""
    others = companions(fault)
    number = FAULTS.index(fault) + 1
    if others:
        return _prepared(folder, shared / f"faults-of-{min(others)}", others, number, patience)
    return _prepared(folder, shared / f"fault-{number}", {number: fault}, 0, patience)


def prepared_good(folder: Path, shared: Path, fault: dict, patience: int | None = None) -> Path:
    """The device of a fault without it, built likewise."""
    others = _together(*kind(fault))
    return _prepared(folder, shared / f"faults-of-{min(others)}", others, 0, patience)


def _prepared(folder: Path, place: Path, faults: dict[int, dict], fault: int, patience: int | None) -> Path:
    """A description in *folder* of what has these faults, built; the plusarg is *fault*."""

    def make() -> Path:
        if companions(next(iter(faults.values()))):
            return together(place, faults)
        return alone(place, next(iter(faults.values())))

    base = build_once(place, make, folder / "build" / "faulty")
    return write(folder, base, [str(path) for path in base.sources], {}, patience, fault)


def build_once(place: Path, make: Callable[[], Path], folder: Path) -> settings.Settings:
    """Build with Verilator in *place* what *make* describes there, unless it has been, and copy it to *folder*.

    Workers wait for one another. The suite finds the copy when *folder* is that of its results.
    """
    place.mkdir(parents=True, exist_ok=True)
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        found = list(place.glob("*.toml"))
        base = settings.load(found[0] if found else make())
        others = list(place.parent.glob(f"*/built/{builder.RUNTIME}"))
        if others and not (place / "built").exists():  # the simulator's own part is the same in all
            (place / "built").mkdir()
            for path in (others[0], *others[0].parent.glob("verilated*.o")):
                shutil.copy2(path, place / "built")
        builder.build(base, SIMULATOR, place / "built", False)
    copy = folder / f"built-{SIMULATOR}"
    copy.mkdir(parents=True)
    for name in ("design", "built"):
        shutil.copy2(place / "built" / name, copy)
    return base
