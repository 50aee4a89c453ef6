# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Which requirements a test covers."""


def covers(*identifiers: str):
    """Decorate a test with the requirements it checks, such as ``@covers("MMIO-24", "rule 6")``.

    The identifiers must be literal strings: tests/simulation/requirements reads them from the source and compares them
    with testplan.toml, which lists them all. They stay with the test as its attribute ``covers``.
    """

    def mark(test):
        test.covers = identifiers
        return test

    return mark
