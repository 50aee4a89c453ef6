# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Where things are."""

from sim.flow.paths import BUILD, ROOT

HERE = ROOT / "sim" / "cosim"
LINUX = ROOT / "sw" / "linux"
GUEST = ROOT / "sw" / "guest"
OUTPUT = BUILD / "cosim"  # what a run leaves
CACHE = OUTPUT / "cache"  # what is downloaded and built once
U_BOOT = "/usr/lib/u-boot/qemu_arm64/u-boot.bin"
