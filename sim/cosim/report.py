# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The table at the end."""

from dataclasses import dataclass

from cocotbext.virtio.devices import BlockDevice
from rich.console import Console
from rich.table import Table

from sim.cosim.machine import Outcome
from sim.cosim.machine_device import MachineDevice
from sim.cosim.paths import OUTPUT
from sim.cosim.plans import SAME_LOAD
from sim.cosim.verdict import Verdict
from sim.flow import artifact

RESULTS = OUTPUT / "results.json"
# Headings, and the numbers of Row below them: of the table that is printed, and of that for documents.
_PRINTED = {
    "requests": "requests",
    "accesses": "accesses",
    "at work": "at_work",
    "per request": "per_request",
    "by line": "lines",
    "messages": "messages",
    "counted": "counted",
    "masked": "masked",
    "lost": "lost",
    "no cause": "without_cause",
    "cycles": "cycles",
    "s": "seconds",
}
_WRITTEN = {
    "requests": "requests",
    "register accesses per request": "per_request",
    "by line": "lines",
    "messages": "messages",
    "counted by Linux": "counted",
    "met a mask": "masked",
    "lost": "lost",
    "without cause": "without_cause",
}


@dataclass(frozen=True)
class Row:
    """One device in one run, as numbers.

    Attributes:
        run, device: names.
        machine: what QEMU was; qemu: its version; kernel: the release of Linux, "" for other guests.
        disk: whether the device is a disk.
        requests: buffers given back.
        accesses: register accesses in all.
        at_work: those between DRIVER_OK and the next reset.
        lines, messages: interrupts sent each way.
        counted: interrupts that Linux counted; None for U-Boot, which polls.
        masked: events that met a masked vector.
        lost, without_cause: by the scoreboard.
        cycles: simulated.
        seconds: from QEMU's start to its end.
    """

    run: str
    device: str
    machine: str
    qemu: str
    kernel: str
    disk: bool
    requests: int
    accesses: int
    at_work: int
    lines: int
    messages: int
    counted: int | None
    masked: int
    lost: int
    without_cause: int
    cycles: int
    seconds: float

    @property
    def per_request(self) -> float | None:
        """Register accesses per request, at work."""
        return self.at_work / self.requests if self.requests else None


def rows(outcome: Outcome, verdict: Verdict) -> list[Row]:
    """What a run shows, a row for each device that left a result."""
    result = []
    for window in outcome.windows:
        name = window.configuration
        found, statistics = outcome.devices.get(name), outcome.statistics.get(name, {})
        if not found:
            continue
        traffic = found["traffic"]
        result.append(
            Row(
                outcome.plan.name,
                name,
                outcome.plan.machine.name,
                outcome.qemu,
                outcome.kernel,
                MachineDevice.of(name).device_id == BlockDevice.DEVICE_ID,
                found["function"]["requests"],
                traffic.get("accesses", 0),
                traffic.get("accesses_at_work", 0),
                traffic.get("line_raised", 0),
                traffic.get("messages", 0),
                verdict.counted(window) if verdict.guest.values else None,
                statistics.get("held_by_mask", 0),
                statistics.get("lost", 0),
                statistics.get("without_cause", 0),
                found["cycles"],
                round(outcome.seconds, 1),
            )
        )
    return result


def show(table_rows: list[Row], console: Console) -> None:
    """Print the table, and what the proposal was about below it."""
    table = Table(title="co-simulation", title_justify="left")
    for heading in ("run", "device"):
        table.add_column(heading, no_wrap=True)
    for heading in _PRINTED:
        table.add_column(heading, justify="right")
    for row in table_rows:
        table.add_row(row.run, row.device, *_numbers(row, _PRINTED))
    console.print(table)
    if any(row.counted is not None and row.counted < row.messages for row in table_rows):
        console.print(
            "Fewer counted than messages: on a machine with several CPUs the interrupt controller makes one interrupt "
            "of messages that meet while the first still waits for its CPU. What the device sends once the "
            "guest has counted is in neither figure of the verdict.",
            highlight=False,
            soft_wrap=True,
        )
    by_run = {row.run: row for row in table_rows if row.disk and row.per_request is not None}
    pairs = {
        machine: (by_run[line], by_run[message])
        for machine, (line, message) in SAME_LOAD.items()
        if line in by_run and message in by_run
    }
    if pairs:
        table = Table(title="the same load on the disk: register accesses per request", title_justify="left")
        for heading in ("", *pairs):
            table.add_column(heading, justify="right" if heading else "left")
        for index, way in enumerate(("by line", "by message")):
            table.add_row(way, *(_text(pair[index].per_request) for pair in pairs.values()))
        console.print(table)


def save(table_rows: list[Row], head: dict) -> None:
    """Write build/cosim/results.json: *head*, and under "devices" the fields of Row with "per_request" each.

    results.md beside it is what docs/results/cosim.md shows.
    """
    devices = [vars(row) | {"per_request": row.per_request} for row in table_rows]
    artifact.write_json(RESULTS, head | {"devices": devices})
    RESULTS.with_suffix(".md").write_text(markdown(table_rows))


def markdown(table_rows: list[Row]) -> str:
    """A table for each QEMU and kernel, a line for each device."""
    text, heading = "", ""
    for row in table_rows:
        here = f"QEMU {row.qemu}, {f'Linux {row.kernel}' if row.kernel else 'firmware'}"
        if here != heading:
            headings = ("run", "machine", "device", *_WRITTEN, "s")
            text += f"\n## {here}\n\n| {' | '.join(headings)} |\n|{'---|' * len(headings)}\n"
            heading = here
        cells = (f"`{row.run}`", row.machine, row.device, *_numbers(row, _WRITTEN), f"{row.seconds:.0f}")
        text += f"| {' | '.join(cells)} |\n"
    return text.lstrip()


def _numbers(row: Row, columns: dict[str, str]) -> list[str]:
    return [_text(getattr(row, name)) for name in columns.values()]


def _text(number: float | None) -> str:
    if number is None:
        return "-"
    return f"{number:,.2f}" if isinstance(number, float) else f"{number:,}"
