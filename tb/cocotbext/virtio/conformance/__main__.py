# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""`python -m cocotbext.virtio.conformance my_disk.toml`: which rules of virtio-mmio does this device break?

Exit status: 0 without findings, 1 with findings, 2 when the description or the call is wrong, or the
device cannot be built.
"""

import argparse
import re
import sys
from pathlib import Path

from cocotbext.virtio.conformance import registry, results, settings, suite
from cocotbext.virtio.conformance.builder import BuildError, installed

DEFAULT_SEED = 1


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m cocotbext.virtio.conformance", description=__doc__.splitlines()[0])
    parser.add_argument("device", nargs="?", type=Path, help="description of the device, a TOML file")
    parser.add_argument("--check", "--only", help="names of checks, with commas (default: all)")
    parser.add_argument(
        "--sim", help="icarus, verilator or all (default: the first of the description that is installed)"
    )
    parser.add_argument("--seed", default=str(DEFAULT_SEED), help="of all randomness: a number, or 'random'")
    parser.add_argument("--waves", action="store_true", help="dump waves of every check")
    parser.add_argument("--jobs", type=_jobs, help="simulations at a time (default: one a processor)")
    parser.add_argument(
        "--build", type=Path, default=Path("build") / "conformance", help="folder of builds and results"
    )
    parser.add_argument("--list", action="store_true", help="list the checks")
    parser.add_argument("--bridges", action="store_true", help="print the folder of the bridges to other buses")
    parser.add_argument("--wrapper", action="store_true", help="print a module conformance_dut with all ports, empty")
    options = parser.parse_args(arguments)
    if options.wrapper:
        print(settings.WRAPPER.read_text(encoding="utf-8"), end="")
        return 0
    if options.bridges:
        print(settings.BRIDGES)
        return 0
    if options.list:
        for check in registry.checks().values():
            ports = " ".join(port for port in check.ports if port != "s_axil")
            print(f"{check.name:34}{check.level:8}{check.section:12}{ports:16}{check.title}")
        return 0
    if options.device is None:
        parser.error("the description of a device is missing: a TOML file")
    try:
        return _run(options)
    except (settings.SettingsError, BuildError) as error:
        print(error, file=sys.stderr)
        return 2


def _jobs(text: str) -> int:
    if not re.fullmatch(r"\d+", text):
        raise argparse.ArgumentTypeError(f"{text} is no number of simulations")
    return int(text)


def _run(options: argparse.Namespace) -> int:
    device = settings.load(options.device)
    checks = suite.chosen(device, options.check)
    if options.sim:
        simulators = device.simulators if options.sim == "all" else (options.sim,)
    else:
        simulators = tuple(filter(installed, device.simulators))[:1] or device.simulators[:1]
    for name in simulators:
        if name not in device.simulators:
            raise settings.SettingsError(f"--sim {name}: {options.device} names {', '.join(device.simulators)}")
    if options.seed == "random":
        import secrets

        seed = secrets.randbits(31)
    elif re.fullmatch(r"\d+", options.seed):
        seed = int(options.seed)
    else:
        raise settings.SettingsError(f"--seed {options.seed}: a number, or 'random'")
    folder = (options.build / re.sub(r"^\.+|[^\w.-]+", "_", device.name)).resolve()
    print(
        f"{device.name}: {len(checks)} checks, class {device.device_class}, {' and '.join(simulators)}, seed {seed}",
        flush=True,
    )

    def done(result: suite.Result) -> None:
        print("\n".join(results.lines(device, result)), flush=True)

    found = suite.run(device, checks, simulators, seed, folder, options.waves, options.jobs, done)
    results.write(device, found, folder)
    print(f"{results.summary(found)}; {folder / 'results.json'}")
    return int(any(result.verdict == "finding" for result in found))


if __name__ == "__main__":
    sys.exit(main())
