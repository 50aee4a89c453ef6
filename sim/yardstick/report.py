# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The tables, and build/yardstick/results.json."""

from dataclasses import asdict

from rich.console import Console
from rich.table import Table

from sim.flow import artifact
from sim.flow.paths import BUILD
from sim.yardstick.comparison import Compared, Differential
from sim.yardstick.scenarios import INTERRUPTS, REGISTERS, Rule, text
from sim.yardstick.steps import Observation

OUTPUT = BUILD / "yardstick"
RESULTS = OUTPUT / "results.json"
_FEW = 3  # reads that are told one by one even if all are equal
_NAMES = {"messages": "message", "value": ""}
_TITLES = {
    INTERRUPTS: "interrupts: virtio-blk-pci with MSI-X on q35, and the endpoint with MSI and sharing",
    REGISTERS: "registers: virtio-mmio of version 2 on microvm, and the endpoint as a disk without MSI",
}


def show(compared: list[Compared], known: dict[str, Rule], console: Console) -> None:
    """Print a table for each family."""
    for family, title in _TITLES.items():
        table = Table(title=title, title_justify="left", show_lines=True)
        for heading in ("scenario", "QEMU", "endpoint"):
            table.add_column(heading, overflow="fold", ratio=1)
        table.add_column("", no_wrap=True)
        table.add_column("because", overflow="fold", ratio=1)
        for each in compared:
            if each.scenario.family == family:
                table.add_row(*row(each, known))
        console.print(table)


def row(each: Compared, known: dict[str, Rule]) -> list[str]:
    """The cells of a scenario: its name, what either side did, the verdict, and the reason of each difference."""
    if any(each.problems()):
        verdict = "WRONG"
    else:
        verdict = "different" if each.found else "same"
    because = "; ".join(f"{known[name].endpoint} ({known[name].because})" for name in each.rules)
    qemu, endpoint = (account(each, side) for side in (each.qemu, each.endpoint))
    return [each.scenario.name, qemu, endpoint if each.found else "the same", verdict, because]


def account(each: Compared, side: list[Observation]) -> str:
    """What a side did, in words: the steps after which something happened or differed."""
    differing = {(difference.step, difference.what) for difference in each.found}
    numbers = [now["value"] for now in side if "value" in now]
    if len(numbers) > _FEW and len({*numbers}) == 1:
        return f"{len(numbers)} reads: {text(numbers[0])}"
    words = []
    before: Observation = {}
    for number, (step, now) in enumerate(zip(each.scenario.steps, side, strict=True)):
        said = [
            f"{_NAMES.get(what, what)} {text(value)}".strip()
            for what, value in now.items()
            if (number, what) in differing or _news(what, value, before.get(what))
        ]
        if number and said:
            words.append(f"{step}: {', '.join(said)}")
        before = now
    return "; ".join(words) or "nothing"


def _news(what: str, value: object, before: object) -> bool:
    match what:
        case "messages":
            return bool(value)
        case "value" | "status":
            return True
        case "vectors":
            return False  # they are what the step asked for, if both sides agree
    return value != before


def show_random(found: Differential, known: dict[str, Rule], console: Console) -> None:
    """Print what the random sequences showed."""
    console.print(
        f"random: {found.sequences} sequences, {found.steps} steps, {found.events} events; "
        f"after {found.differing} steps the two were not the same",
        highlight=False,
        soft_wrap=True,
    )
    for name, count in found.needed.items():
        console.print(
            f"  explained in {count:3} sequences: {known[name].qemu} ({known[name].because})",
            highlight=False,
            soft_wrap=True,
        )


def save(compared: list[Compared], known: dict[str, Rule], found: Differential, head: dict) -> None:
    """Write the results: *head*, "scenarios" with what each side did, and "random"."""
    artifact.write_json(
        RESULTS,
        head
        | {
            "scenarios": [
                dict(zip(("scenario", "qemu", "endpoint", "verdict", "because"), row(each, known), strict=True))
                | {"family": each.scenario.family, "rules": each.rules, "problems": list(each.problems())}
                for each in compared
            ],
            "random": asdict(found) | {"problems": found.problems},
        },
    )
