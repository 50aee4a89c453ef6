# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What a failure report shows of the past has names, and a test that expects what there is not is told so."""

from types import SimpleNamespace

import pytest
from cocotbext.virtio.config import EndpointConfig
from cocotbext.virtio.scoreboard.history import History
from cocotbext.virtio.scoreboard.scoreboard import COMPARED, Scoreboard
from cocotbext.virtio.transactions import (
    DeviceReset,
    FaultReported,
    GenerationInput,
    HardReset,
    LineLevel,
    NeedsResetInput,
)

CLOCK = SimpleNamespace(cycle=7, time_of=lambda cycle: 10.0 * cycle)


@pytest.mark.parametrize(
    "transaction, words",
    [
        (GenerationInput(7, 0), "the device's config_generation becomes 0"),
        (NeedsResetInput(7, 1), "the device's needs_reset goes high"),
        (LineLevel(7, 0), "irq goes low"),
        (FaultReported(7, 3), "failed message of vector 3 reported"),
        (DeviceReset(7), "the device is reset by the driver"),
        (HardReset(7), "aresetn is low"),
    ],
)
def test_nothing_is_shown_by_the_name_of_a_class(transaction, words):
    """Such as GenerationInput value 0x0."""
    history = History(CLOCK, EndpointConfig())
    history.other(7, transaction)
    assert history.report().strip().endswith(words)
    assert type(transaction).__name__ not in history.report()


def test_a_kind_that_is_misspelt_is_refused_with_those_that_there_are():
    """finish("mesages") lists the kinds."""
    scoreboard = Scoreboard(EndpointConfig(), CLOCK)
    with pytest.raises(ValueError, match="no kind of transaction is called 'mesages'; there are: .*messages"):
        scoreboard.finish(("mesages",))
    assert {"messages", "events", "register reads", "line changes", "kicks", "faults"} <= COMPARED
