"""Where things are."""

from sim.paths import BUILD, ROOT

HERE = ROOT / "cosim"
LINUX = ROOT / "linux"
OUTPUT = BUILD / "cosim"        # what a run leaves
CACHE = OUTPUT / "cache"        # what is downloaded and built once
U_BOOT = "/usr/lib/u-boot/qemu_arm64/u-boot.bin"
