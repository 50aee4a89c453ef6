# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Which tests a configuration or a simulator skips. cocotb runs a test that is named alone even then, so it must not
be named.

`python -m sim.regress.collect SIMULATOR MODULE...` prints those of the configuration $ENDPOINT_CONFIG as JSON.
"""

import importlib
import json
import subprocess
import sys

import cocotb
from cocotb._decorators import TestGenerator  # what cocotb's own regression manager looks for

from sim.flow.errors import FlowError
from sim.flow.paths import ROOT
from sim.flow.run import design_variables
from sim.flow.tools import environment


def skipped(modules: set[str], configuration: str, simulator: str) -> set[tuple[str, str]]:
    """Module and test of everything in some modules that is skipped.

    Raises:
        FlowError: a module does not import.
    """
    variables = environment() | design_variables(configuration) | {"COCOTB_RANDOM_SEED": "1"}
    command = [sys.executable, "-m", "sim.regress.collect", simulator, *sorted(modules)]
    process = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True)
    if process.returncode:
        raise FlowError(f"cannot import {' or '.join(sorted(modules))}: {process.stderr.strip().splitlines()[-1]}")
    return {tuple(pair) for pair in json.loads(process.stdout.splitlines()[-1])}


def _collect(name: str) -> list[tuple[str, str]]:
    found = [value for value in vars(importlib.import_module(name)).values() if isinstance(value, TestGenerator)]
    tests = [test for generator in found for test in generator.generate_tests()]
    run = {test.name.partition("/")[0] for test in tests if not test.skip}
    return [(name, test) for test in sorted({test.name.partition("/")[0] for test in tests} - run)]


if __name__ == "__main__":
    cocotb.SIM_NAME = sys.argv[1]
    print(json.dumps([pair for name in sys.argv[2:] for pair in _collect(name)]))
