# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The sizes, the other designs and the targets in matrix.toml."""

import dataclasses
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cocotbext.virtio.config import EndpointConfig

from sim.flow import schema
from sim.flow.design import AnyDesign, Design, TopDesign
from sim.flow.errors import FlowError, unknown
from sim.flow.paths import rtl_directory
from sim.syn.devices import DEVICES
from sim.syn.subject import Subject, Target
from sim.syn.unit import Unit

FILE = Path(__file__).with_name("matrix.toml")
CLOCK = "aclk"

_TARGETS = {"mhz": schema.NUMBER, "lut4": schema.INTEGER, "ff": schema.INTEGER, "block_ram": schema.INTEGER}
_SIZE = schema.table({"queues": schema.INTEGER, "vectors": schema.INTEGER}, _TARGETS)
_OTHER = schema.table(
    {"name": schema.NAME, "top": schema.NAME, "files": schema.items(schema.NAME, 1)},
    {"parameters": schema.each(schema.INTEGER), "options": schema.TEXT, **_TARGETS},
)
_SCHEMA = schema.table(
    {"seeds": schema.INTEGER | {"minimum": 1}},
    dict.fromkeys(
        DEVICES, schema.table({"aim": schema.NUMBER, "size": schema.items(_SIZE)}, {"design": schema.items(_OTHER)})
    ),
)
_MOST_QUEUES, _MOST_VECTORS = 1024, 2048  # as rtl/*/virtio_mmio_parameter_check.v


@dataclass(frozen=True)
class Size:
    """One size of the endpoint on one device, and what is to be reached there in both modes."""

    device: str
    aim: float
    queues: int
    vectors: int
    target: Target

    @property
    def name(self) -> str:
        """As in SIZES."""
        return f"{self.queues}/{self.vectors}"


@dataclass(frozen=True)
class Other:
    """Another design than the endpoint alone, on one device, and what is to be reached there."""

    device: str
    aim: float
    name: str
    design: TopDesign
    options: str
    target: Target


@dataclass(frozen=True)
class Matrix:
    """What matrix.toml holds: the sizes, the other designs, the number of seeds, and per device the clock in MHz to aim
    at."""

    seeds: int
    aims: dict[str, float]
    sizes: list[Size]
    others: list[Other]

    def select(self, names: str | None, devices: str | None) -> list[Size | Other]:
        """What SIZES names: one size or other design, several with commas, "none", or for None all that the folder
        that RTL names has; on the devices that DEVICES names. A size that no device has in the file is the user's own,
        without a target.

        Raises:
            FlowError: a size that is no queues/vectors or that no endpoint has, or an unknown device.
        """
        entries: list[Size | Other] = [*self.sizes, *self.others]
        known = list(dict.fromkeys(entry.name for entry in entries))
        wanted = names.split(",") if names else [name for name in known if name not in self._missing()]
        on = devices.split(",") if devices else list(DEVICES)
        for name in on:
            if name not in DEVICES:
                raise unknown("device", name, DEVICES)
        found: list[Size | Other] = []
        for name in dict.fromkeys(wanted):
            if name in known:
                found += [entry for entry in entries if entry.name == name and entry.device in on]
            elif name != "none":
                found += [Size(device, self.aims[device], *_numbers(name, known), Target()) for device in on]
        return found

    def _missing(self) -> set[str]:
        """The other designs that the folder that RTL names does not have."""
        rtl = rtl_directory()
        return {entry.name for entry in self.others if not all((rtl / file).is_file() for file in entry.design.files)}


def _numbers(name: str, known: list[str]) -> tuple[int, int]:
    """Queues and vectors of a size as it is typed.

    Raises:
        FlowError: it is none.
    """
    match = re.fullmatch(r"(\d+)/(\d+)", name)
    if not match:
        raise unknown("size", name, (*known, "any other queues/vectors", "none"))
    queues, vectors = map(int, match.groups())
    if not (1 <= queues <= _MOST_QUEUES and 1 <= vectors <= _MOST_VECTORS):
        raise FlowError(f"size '{name}': queues are 1 to {_MOST_QUEUES}, vectors 1 to {_MOST_VECTORS}")
    return queues, vectors


def read(file: Path = FILE) -> Matrix:
    """Read a file of sizes.

    Raises:
        FlowError: it does not parse, or a field, a value or a device in it is wrong.
    """
    content = schema.read_toml(file, _SCHEMA)
    devices = {name: table for name, table in content.items() if name != "seeds"}
    sizes, others, aims = [], [], {}
    for device, table in devices.items():
        aims[device] = table["aim"]
        for entry in table["size"]:
            target = _target(entry)
            sizes.append(Size(device, target.mhz or table["aim"], entry["queues"], entry["vectors"], target))
        for entry in table.get("design", []):
            target = _target(entry)
            values = tuple(entry.get("parameters", {}).items())
            options = entry.get("options", "")
            design = TopDesign(entry["top"], tuple(entry["files"]), values)
            others.append(Other(device, target.mhz or table["aim"], entry["name"], design, options, target))
    return Matrix(content["seeds"], aims, sizes, others)


def _target(entry: dict) -> Target:
    return Target(**{name: entry.get(name) for name in _TARGETS})


@cache
def matrix() -> Matrix:
    """The project's own."""
    return read()


def subject(size: Size, sharing: int) -> Subject:
    """The endpoint of a size in a mode. Raises FlowError if there is no endpoint in the folder that RTL names."""
    label = f"{size.name} sharing" if sharing else size.name
    configuration = EndpointConfig(num_queues=size.queues, num_vectors=size.vectors, msi_sharing=sharing)
    return Subject(
        size.device, label, endpoint(configuration), size.aim, size.target, size.queues, size.vectors, sharing
    )


def other(entry: Other) -> Subject:
    """A design of matrix.toml. Raises FlowError if the folder that RTL names has no such file list."""
    design = dataclasses.replace(entry.design, rtl=rtl_directory())
    return Subject(entry.device, entry.name, _unit(design), entry.aim, entry.target, options=entry.options)


def endpoint(configuration: EndpointConfig) -> Unit:
    """The endpoint with these parameters. Raises FlowError if there is none in the folder that RTL names."""
    return _unit(Design(rtl_directory(), configuration))


def _unit(design: AnyDesign) -> Unit:
    return Unit(
        design.top,
        CLOCK,
        {str(file.relative_to(design.rtl)): file for file in design.content()},
        tuple(str(file.relative_to(design.rtl)) for file in design.sources()),
        includes=tuple(str(folder.relative_to(design.rtl)) for folder in design.includes()),
        parameters=dict(parameter.split("=") for parameter in design.parameters()),
    )
