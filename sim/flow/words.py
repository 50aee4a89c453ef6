# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0

"""What a message says, without what differs from run to run: by this, failures are of one kind or of several."""

import re

# A number that names a rule says what is wrong; every other one says only where or how much.
_NUMBER = re.compile(r"(?<![A-Za-z]-)(?<!rule )(?<!choice )\b(?:0x[0-9a-fA-F_]+|\d[\d.,]*\d|\d)(?=[a-z]{0,3}\b)")
_PATH = re.compile(r"(?:/[\w.+-]+){2,}")


def words(message: str) -> str:
    """A message without what differs from run to run."""
    return _NUMBER.sub("#", _PATH.sub(lambda path: path.group().rpartition("/")[2], message))
