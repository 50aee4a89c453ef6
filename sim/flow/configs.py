# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The named configurations in configs.toml."""

import dataclasses
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from cocotbext.virtio.config import EndpointConfig

from sim.flow import schema
from sim.flow.design import AnyDesign, Design, TopDesign
from sim.flow.errors import FlowError, unknown

FILE = Path(__file__).parents[1] / "configs.toml"
_SCHEMA = schema.table(
    {
        "main": schema.items(schema.NAME),
        "traces": schema.NAME,
        "configurations": schema.each(
            schema.table({}, {each.name: schema.INTEGER for each in dataclasses.fields(EndpointConfig)})
        ),
    },
    {
        "designs": schema.each(
            schema.table(
                {"top": schema.NAME, "files": schema.items(schema.NAME, 1)},
                {"parameters": schema.each(schema.INTEGER)},
            )
        )
    },
)


@dataclass(frozen=True)
class Configurations:
    """What configs.toml holds: every configuration by name, those of the main job, and the one of the captures.

    `designs` are those whose top is not the endpoint alone; tests.toml names them like the others.
    """

    by_name: dict[str, EndpointConfig]
    main: list[str]
    traces: str
    designs: dict[str, TopDesign] = field(default_factory=dict)

    def select(self, names: str) -> list[str]:
        """The configurations that CONFIG names: one, several with commas, or "all".

        Raises:
            FlowError: a name that is not there.
        """
        if names == "all":
            return list(self.by_name)
        for name in names.split(","):
            self.check(name)
        return names.split(",")

    def check(self, name: str) -> None:
        """Raises FlowError when there is no configuration of this name."""
        if name not in self.by_name and name not in self.designs:
            raise unknown("configuration", name, (*self.by_name, *self.designs, "all"))

    def design(self, name: str, rtl: Path, fast: bool = False) -> AnyDesign:
        """What is built for a configuration.

        Raises:
            FlowError: the fast path was asked for, and the design has none.
        """
        if name not in self.designs:
            return Design(rtl, self.by_name[name], fast)
        if fast:
            raise FlowError(f"{name} has no fast path; use BUS=signals")
        return replace(self.designs[name], rtl=rtl)


def read(file: Path = FILE) -> Configurations:
    """Read a file of configurations.

    Raises:
        FlowError: it does not parse, or a field, a value or a name in it is wrong.
    """
    content = schema.read_toml(file, _SCHEMA)
    result = Configurations(
        {name: EndpointConfig(**fields) for name, fields in content["configurations"].items()},
        content["main"],
        content["traces"],
        {
            name: TopDesign(table["top"], tuple(table["files"]), tuple(table.get("parameters", {}).items()))
            for name, table in content.get("designs", {}).items()
        },
    )
    for name in (*result.main, result.traces):
        result.check(name)
    return result


@cache
def configurations() -> Configurations:
    """The project's own configurations."""
    return read()
