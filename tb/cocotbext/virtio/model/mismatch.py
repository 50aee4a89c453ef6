# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Says that the endpoint and the contract disagree."""


class Mismatch(AssertionError):
    """What was observed cannot come from an endpoint that keeps its contract.

    Attributes:
        rule: the rule that is broken, as "rule 6", "choice 3" or a requirement ID such as "MMIO-53".
        message: what happened, with names and cycle numbers.
    """

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(f"{rule}: {message}")
        self.rule = rule
        self.message = message
