# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Register accesses in files: read, recorded from any run, and replayed against the endpoint.

A file is CSV with the columns op, offset, bytes, value: one access a row, in order; op is R or W, offset the byte
offset from the register base, bytes 1, 2 or 4. Lines that begin with # are comments. Among them, those that begin
with #! are written by the recorder and say what the device did meanwhile; other readers pass over them.
A file with the line "#! timed" says to the cycle when what is done, and leaves the judgement of reads to the
scoreboard.
"""
