# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What the flow tells a simulation, from environment variables: the only place of the testbench that reads them."""

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


CONFIG = endpoint_config()
FAST = os.environ.get("BUS") == "fast"
RUN = RunSettings(
    seed=os.environ.get("COCOTB_RANDOM_SEED"),
    statistics=_file("RUN_STATISTICS"),
    coverage=_file("RUN_COVERAGE"),
    run_log=_file("RUN_LOG"),
    recording=_file("RECORD"),
)
