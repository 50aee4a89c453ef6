# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""One simulation becomes many: as it starts, with everything loaded, it forks for each mutant.

An entry point of the simulator's Python (PYGPI_USERS), before cocotb's regression. $MUTANTS is a file of numbers:
first the seconds of
processor time that each may take, then the mutants. Each gets a folder of its own in the run's directory, named by
its number, with
`mutant`, `log`, `results.xml`, `statistics.json` and, when it has ended, `status`: its exit status.
"""

import importlib
import os
import resource
from pathlib import Path

VARIABLE = "MUTANTS"
ENTRY = "sim.mutation.fork_server:split"
STATUS = "status"


def split() -> None:
    """Returns in the processes of the mutants, not in the one that starts them."""
    for module in os.environ["COCOTB_TEST_MODULES"].split(","):
        importlib.import_module(module)
    seconds, *numbers = Path(os.environ[VARIABLE]).read_text().split()
    for number in numbers:
        folder = Path.cwd() / number
        child = os.fork()
        if not child:
            _become(number, folder, int(seconds))
            return
        _, status = os.waitpid(child, 0)
        (folder / STATUS).write_text(str(os.waitstatus_to_exitcode(status)))
    os._exit(0)


def _become(number: str, folder: Path, seconds: int) -> None:
    folder.mkdir()
    os.chdir(folder)
    Path("mutant").write_text(number)
    log = os.open("log", os.O_WRONLY | os.O_CREAT)
    os.dup2(log, 1)
    os.dup2(log, 2)
    spent = resource.getrusage(resource.RUSAGE_SELF)
    seconds += int(spent.ru_utime + spent.ru_stime) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    os.environ |= {
        "COCOTB_RESULTS_FILE": str(folder / "results.xml"),
        "RUN_STATISTICS": str(folder / "statistics.json"),
        "RUN_COVERAGE": str(folder / "coverage.json"),
    }
