# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What the flow tells a simulation, from environment variables: the only place of the testbench that reads them."""

import json
import os
from pathlib import Path

from cocotbext.virtio.config import EndpointConfig
from cocotbext.virtio.run_settings import RunSettings


def endpoint_config() -> EndpointConfig:
    """The configuration in $ENDPOINT_CONFIG, the default one without.

    Raises:
        ValueError: it is none.
    """
    try:
        return EndpointConfig.from_json(os.environ.get("ENDPOINT_CONFIG", "{}"))
    except ValueError as error:
        raise ValueError(f"$ENDPOINT_CONFIG: {error}") from error


def _file(variable: str) -> Path | None:
    return Path(os.environ[variable]) if os.environ.get(variable) else None


def _limits(text: str) -> dict[str, int]:
    return {name: int(value) for name, _, value in (part.partition("=") for part in text.split(",") if part)}


CONFIG = endpoint_config()
DESIGN = json.loads(os.environ.get("DESIGN_PARAMETERS", "{}"))  # of a top other than the endpoint
LIMITS = _limits(os.environ.get("RING_LIMITS", ""))  # of random drivers of rings: sim/flow/selection.py
FAST = os.environ.get("BUS") == "fast"
RUN = RunSettings(
    seed=os.environ.get("COCOTB_RANDOM_SEED"),
    statistics=_file("RUN_STATISTICS"),
    coverage=_file("RUN_COVERAGE"),
    run_log=_file("RUN_LOG"),
    recording=_file("RECORD"),
)


def limited(name: str, value: int) -> int:
    """*value*, or what $RING_LIMITS sets as the most of that *name*, if that is less."""
    return min(value, LIMITS.get(name, value))
