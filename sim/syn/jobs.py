# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""All placements of all subjects, several at a time, with progress on the screen."""

import threading
import time
from concurrent.futures import as_completed

from rich.console import Console

from sim.flow import processes
from sim.flow.errors import FlowError
from sim.syn import run
from sim.syn.row import Row
from sim.syn.subject import Subject


def run_all(subjects: list[Subject], seeds: int, at_once: int, console: Console) -> list[Row]:
    """Measure every subject with seeds 1 to `seeds`; the rows in the same order. A failure ends its subject only.

    Seed by seed, so that an interrupted run has something of everything; within a seed the largest first, so that no
    long run is left alone at the end.

    Raises:
        KeyboardInterrupt: the user stopped it; every child is gone by then.
    """
    for subject in subjects:
        subject.unit.digest()  # all sources are read now: a change from here on does not reach this run
    rows = [Row(subject) for subject in subjects]
    largest_first = sorted(rows, key=lambda row: -(row.subject.target.lut4 or row.subject.vectors or 0))
    queue = [(row, seed) for seed in range(1, seeds + 1) for row in largest_first]
    guard = threading.Lock()
    with processes.pool(at_once) as pool:
        futures = [pool.submit(_measure, row, seed, guard) for row, seed in queue]
        for number, future in enumerate(as_completed(futures), 1):
            text = future.result()
            console.print(
                f"[{number:{len(str(len(queue)))}}/{len(queue)}] {text}",
                highlight=False,
                markup=False,
                soft_wrap=True,
            )
    return rows


def _measure(row: Row, seed: int, guard: threading.Lock) -> str:
    """One placement into its row; the line that says what came of it."""
    name = f"{row.subject.name}, seed {seed}"
    if row.failure:
        return f"{name}: left out"
    begin = time.monotonic()
    try:
        cells = run.synthesise(row.subject)
        kept = run.placed(row.subject, seed)
        placement = run.place(row.subject, seed)
    except FlowError as error:
        with guard:
            row.failure = row.failure or str(error)
        return f"{name}: FAILED"
    with guard:
        row.cells, row.around = cells, run.around(row.subject)
        row.placements[seed] = placement
    took = "from an earlier run" if kept else f"{time.monotonic() - begin:.0f} s"
    return f"{name}: {placement.mhz:.1f} MHz ({took})"
