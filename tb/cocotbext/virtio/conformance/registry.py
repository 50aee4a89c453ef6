# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The checks that exist: a function each, with what is known of it without running it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TypeVar

LEVELS = ("MUST", "SHOULD", "BUS")
PORTS = ("s_axil", "irq", "m_axi", "m_axil", "rings", "change")
MODULES = (
    "registers",
    "status",
    "queues",
    "rings",
    "touched",
    "order",
    "notifications",
    "line",
    "messages",
    "configuration",
    "classes",
    "hostile",
    "dma",
    "bus",
)


@dataclass(frozen=True)
class Check:
    """One check.

    Attributes:
        name: as the user types it; title: what holds when it is ok; level: MUST, SHOULD or BUS.
        section: of virtio 1.2, or of AXI; requirements: identifiers of the test plan.
        ports: what the device needs for it: rings is any way to memory (m_axi, or rings worked by Python), change a way
            to make the device change its configuration.
        classes: device classes that it is about, () for all; traffic: it needs a device that serves buffers.
        run: the coroutine function, called with the bench.
    """

    name: str
    title: str
    level: str
    section: str
    requirements: tuple[str, ...]
    ports: tuple[str, ...]
    classes: tuple[str, ...]
    run: Callable[..., Awaitable[None]]


_Run = TypeVar("_Run", bound=Callable[..., Awaitable[None]])

_CHECKS: dict[str, Check] = {}


def check(
    title: str, level: str, section: str, requirements: str, ports: str = "", classes: str = ""
) -> Callable[[_Run], _Run]:
    """Make a coroutine function a check; its name, with hyphens, is the check's.

    Args:
        title, level, section: as Check has them.
        requirements, ports, classes: words with spaces between.

    Raises:
        ValueError: there is no such level or port, or two checks have one name.
    """
    if level not in LEVELS:
        raise ValueError(f"level {level!r}")

    def register(function: _Run) -> _Run:
        name = function.__name__.replace("_", "-")
        if name in _CHECKS:
            raise ValueError(f"two checks are called {name}")
        needed = tuple(dict.fromkeys(("s_axil", *ports.split())))
        if set(needed) - set(PORTS):
            raise ValueError(f"{name}: unknown port in {ports!r}")
        _CHECKS[name] = Check(
            name, title, level, section, tuple(requirements.split()), needed, tuple(classes.split()), function
        )
        return function

    return register


def checks() -> dict[str, Check]:
    """All checks by name, in the order of the groups."""
    for module in MODULES:
        import_module(f"cocotbext.virtio.conformance.checks.{module}")
    return _CHECKS
