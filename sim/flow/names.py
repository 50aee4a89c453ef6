# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0

"""Names of files and folders made of what the user chose."""

import hashlib
import re

_LONGEST = 120  # characters; file systems take 255 bytes, and names get endings


def short(name: str) -> str:
    """A name fit for a file: other characters than letters, digits, dot, minus as _, and cut where it is too long.

    What is lost, except : and /, is replaced by a digest, so that names which differ stay different.
    """
    plain = name.replace(":", "_").replace("/", "_")
    found = re.sub(r"[^A-Za-z0-9_.-]+", "_", plain)
    if found == plain and len(found) <= _LONGEST:
        return found
    mark = hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:10]
    return f"{found[: _LONGEST - 11]}-{mark}"
