# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Inside the simulator: tests on a faulty design end early, for most of their time would go into waiting.

An entry point of the simulator's Python (PYGPI_USERS), before cocotb's regression. FILE, in the folder above the run's,
has the simulated time that each test takes on the right design, in ns. A test that takes FACTOR times as long and
ALLOWANCE more has failed. After a failure, the test's other parameters are skipped: the test is red.
"""

import json
from pathlib import Path
from typing import Any

FILE = "durations.json"  # full name -> ns
ENTRY = f"{__name__}:watch"
FACTOR = 5
ALLOWANCE = 50_000  # ns
TIME_OUT = "SimTimeoutError"  # in the message of a test that has failed by its time


def watch() -> None:
    """Make cocotb's regression impatient."""
    from cocotb.regression import RegressionManager

    regression: Any = RegressionManager
    file = Path.cwd().parent / FILE
    durations = json.loads(file.read_text()) if file.is_file() else {}
    begin, fail = regression._init_test, regression._record_test_failed

    def _init_test(manager: Any) -> Any:
        if (known := durations.get(manager._test.fullname)) is not None:
            manager._test.timeout = (int(known) * FACTOR + ALLOWANCE, "ns")
        return begin(manager)

    def _record_test_failed(manager: Any, *arguments: Any, **named: Any) -> Any:
        own = manager._test.fullname.partition("/")[0]
        for test in manager._test_queue:
            if test.fullname.partition("/")[0] == own:
                test.skip = True
        return fail(manager, *arguments, **named)

    regression._init_test = _init_test
    regression._record_test_failed = _record_test_failed
