# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The description of a device under test: what its TOML file says."""

import difflib
import re
import tomllib
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

CLASSES = {"net": 1, "blk": 2, "console": 3, "rng": 4, "none": None}  # class -> DeviceID
SIMULATORS = ("icarus", "verilator")
BRIDGES = Path(__file__).with_name("bridges")
WRAPPER = Path(__file__).with_name("wrapper.v")
_NUMBER = re.compile(r"\d*'[sS]?[bodhBODH][0-9a-fA-F_xzXZ]+")


class SettingsError(Exception):
    """The description cannot be used; the text is the one line for the user."""


@dataclass(frozen=True)
class Deviation:
    """A finding that is expected: name of the check, and why."""

    check: str
    reason: str


@dataclass(frozen=True)
class Settings:
    """A device under test. Paths are absolute.

    Attributes:
        name: for people and for the folder of results; device_class: blk, rng, console, net or none.
        sources, includes, parameters, defines, top: what is built.
        plusargs: given to each simulation, name -> value.
        simulators: those that can build it; interrupt: "level" or "edge".
        address_bits: of the register bus; memory_base, memory_bytes: memory that the device may reach by DMA.
        patience: cycles until something counts as never.
        rings: "rtl", or "python" for a device whose rings are worked by Python.
        deviations: findings that are expected.
        file: the TOML file.
    """

    name: str
    device_class: str
    sources: tuple[Path, ...]
    file: Path
    includes: tuple[Path, ...] = ()
    parameters: dict = field(default_factory=dict)
    defines: dict = field(default_factory=dict)
    plusargs: dict = field(default_factory=dict)
    top: str = "conformance_dut"
    simulators: tuple[str, ...] = SIMULATORS
    interrupt: str = "level"
    address_bits: int = 12
    memory_base: int = 0x8000_0000
    memory_bytes: int = 0x100_0000
    patience: int = 20000
    rings: str = "rtl"
    deviations: tuple[Deviation, ...] = ()

    @property
    def device_id(self) -> int | None:
        """DeviceID of the class, None for any."""
        return CLASSES[self.device_class]

    @property
    def assignments(self) -> list[str]:
        """The parameters as NAME=VALUE in Verilog."""
        return [f"{name}={_value(value)}" for name, value in self.parameters.items()]


def _value(value: str | int) -> str:
    """A parameter as Verilog reads it: a number, a Verilog number given as text, or a text."""
    if isinstance(value, str):
        return value if _NUMBER.fullmatch(value) else f'"{value}"'
    return f"64'd{value}" if value > 0x7FFF_FFFF else str(int(value))


# key -> (type, what it has to be)
_KEYS: dict[str, tuple[type, str]] = {
    "name": (str, "a name"),
    "class": (str, "a device class"),
    "sources": (list, "a list of Verilog files or patterns"),
    "includes": (list, "a list of folders"),
    "bridges": (list, "a list of bridges of the package"),
    "parameters": (dict, "a table of parameters of the top module"),
    "defines": (dict, "a table of macros"),
    "plusargs": (dict, "a table of arguments of simulations"),
    "top": (str, "the name of the top module"),
    "simulators": (list, "a list of simulators"),
    "interrupt": (str, '"level" or "edge"'),
    "address_bits": (int, "a number of bits"),
    "memory_base": (int, "an address"),
    "memory_bytes": (int, "a number of bytes"),
    "patience": (int, "a number of cycles"),
    "rings": (str, '"rtl" or "python"'),
    "deviation": (list, "tables [[deviation]]"),
}


def load(file: Path) -> Settings:
    """Read a description.

    Raises:
        SettingsError: it cannot be read, or says what makes no sense.
    """
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{file}: cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file}: not a TOML file: {error}") from error

    def wrong(text: str) -> SettingsError:
        return SettingsError(f"{file}: {text}")

    for key, value in content.items():
        if key not in _KEYS:
            raise wrong(f"{_unknown('key', key, _KEYS)}")
        kind, meaning = _KEYS[key]
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise wrong(f"{key} = {value!r} is not {meaning}")
        if isinstance(value, list) and key != "deviation" and not all(isinstance(item, str) for item in value):
            raise wrong(f"{key} = {value!r} is not {meaning}")
    for key in ("name", "class", "sources"):
        if not content.get(key):
            raise wrong(f"{key} is missing; it is {_KEYS[key][1]}")
    if content["class"] not in CLASSES:
        raise wrong(_unknown("class", content["class"], CLASSES))
    choices: dict[str, tuple[str, ...]] = {"interrupt": ("level", "edge"), "rings": ("rtl", "python")}
    for key, allowed in choices.items():
        if key in content and content[key] not in allowed:
            raise wrong(_unknown(key, content[key], allowed))
    simulators = tuple(content.get("simulators", SIMULATORS))
    for name in simulators:
        if name not in SIMULATORS:
            raise wrong(_unknown("simulator", name, SIMULATORS))
    if not simulators:
        raise wrong("simulators is empty; one of icarus, verilator is needed")
    limits: tuple[tuple[str, int, int], ...] = (
        ("address_bits", 9, 64),
        ("memory_base", 0, (1 << 64) - 1),
        ("memory_bytes", 1 << 16, 1 << 40),
        ("patience", 100, 10**8),
    )
    for key, least, most in limits:
        if key in content and not least <= content[key] <= most:
            raise wrong(f"{key} = {content[key]} is not in {least}..{most}")
    base, size = content.get("memory_base", Settings.memory_base), content.get("memory_bytes", Settings.memory_bytes)
    if base % 4096 or size % 4096 or base + size > 1 << 64:
        raise wrong("memory_base and memory_bytes are multiples of 4096, and end within 64 bits")
    folder = file.resolve().parent
    sources: list[Path] = []
    for pattern in content["sources"]:
        found = sorted(folder.glob(pattern)) if not Path(pattern).is_absolute() else [Path(pattern)]
        found = [path.resolve() for path in found if path.is_file()]
        if not found:
            raise wrong(f"sources: no file matches {pattern!r} in {folder}")
        sources += [path for path in found if path not in sources]
    for name in content.get("bridges", []):
        path = BRIDGES / f"{name}.v"
        if not path.is_file():
            raise wrong(_unknown("bridge", name, sorted(each.stem for each in BRIDGES.glob("virtio_axil_to_*.v"))))
        sources += [each for each in (path, BRIDGES / "virtio_axil_access.v") if each not in sources]
    includes = []
    for name in content.get("includes", []):
        path = (folder / name).resolve()
        if not path.is_dir():
            raise wrong(f"includes: {name!r} is not a folder in {folder}")
        includes.append(path)
    deviations = []
    for entry in content.get("deviation", []):
        right = isinstance(entry, dict) and set(entry) == {"check", "reason"}
        if not right or not all(isinstance(text, str) and text.strip() for text in entry.values()):
            raise wrong(f'a deviation has check = "..." and reason = "...", not {entry!r}')
        deviations.append(Deviation(entry["check"], entry["reason"]))
    for table in ("parameters", "defines", "plusargs"):
        for name, value in content.get(table, {}).items():
            if not isinstance(value, (int, str)):
                raise wrong(f"{table}.{name} = {value!r} is not a number or a text")
    for name in content.get("plusargs", {}):
        if name.startswith("conformance_"):
            raise wrong(f"plusargs.{name}: names that begin with conformance_ are those of the suite")
    plain = {
        key: content[key]
        for key in (
            "parameters",
            "defines",
            "plusargs",
            "top",
            "interrupt",
            "address_bits",
            "memory_base",
            "memory_bytes",
            "patience",
            "rings",
        )
        if key in content
    }
    return Settings(
        content["name"],
        content["class"],
        tuple(sources),
        file.resolve(),
        tuple(includes),
        simulators=simulators,
        deviations=tuple(deviations),
        **plain,
    )


def _unknown(kind: str, given: str, known: Collection[str]) -> str:
    close = difflib.get_close_matches(str(given), list(known), 1)
    hint = f"did you mean {close[0]!r}?" if close else f"there are {', '.join(known)}"
    return f"unknown {kind} {given!r}; {hint}"
