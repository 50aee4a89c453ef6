# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Debian packages of the guest's architecture: downloaded and unpacked into the cache, never installed.

apt runs with lists, status and archives of its own there, so it needs no root and the machine does not notice.
"""

import re
import shutil
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path

from sim.cosim.errors import Unavailable
from sim.cosim.paths import CACHE
from sim.flow.locks import exclusive

ARCHITECTURES = ARM64, AMD64 = "arm64", "amd64"  # as Debian calls them
SUITES = SUITE, BACKPORTS = "bookworm", "bookworm-backports"  # whose kernels the driver is for
_TIMEOUT = 600  # seconds for one apt command


class ForeignPackages:
    """Packages of Debian 12 for one architecture, from the mirror that this machine uses.

    Args:
        architecture: the guest's.
        directory: the cache; by default each architecture and suite has its own.
        suite: whose kernel it is; what that suite does not have comes from SUITE.

    Attributes:
        architecture: as given.
    """

    def __init__(self, architecture: str = ARM64, directory: Path | None = None, suite: str = SUITE) -> None:
        self.architecture = architecture
        own = "packages" if architecture == ARM64 else f"packages-{architecture}"
        self._directory = directory or CACHE / (own if suite == SUITE else f"{own}-{suite}")
        self._suite = suite
        self._updated = False

    def unpacked(self, name: str, packages: Callable[[], Iterable[str]]) -> Path:
        """The folder into which packages are unpacked, now or in an earlier run.

        Args:
            name: of the folder.
            packages: called for the names as apt-get has them, only when they have to be downloaded.

        Raises:
            Unavailable: they cannot be had.
        """
        folder = self._directory / name
        with exclusive(folder.with_suffix(".lock")):
            if not (folder / "complete").is_file():
                shutil.rmtree(folder, ignore_errors=True)
                archives = folder / "archives"
                archives.mkdir(parents=True)
                self._update()
                self._apt("apt-get", "download", *packages(), cwd=archives)
                for archive in sorted(archives.glob("*.deb")):
                    self._run(["dpkg-deb", "-x", archive, folder])
                shutil.rmtree(archives)
                (folder / "complete").touch()
        return folder

    def kernel_release(self) -> str:
        """The release of the suite's present kernel for clouds, such as 6.1.0-50-cloud-arm64.

        The first answer stays: image and headers must be of one release.
        """
        file = self._directory / "kernel-release"
        with exclusive(file.with_suffix(".lock")):
            if not file.is_file():
                self._update()
                image = f"linux-image-cloud-{self.architecture}"
                file.write_text(self.dependency(image, "linux-image-").removeprefix("linux-image-"))
        return file.read_text()

    def dependency(self, package: str, prefix: str) -> str:
        """The package whose name begins with *prefix* that *package* depends on, once the lists are there.

        Raises:
            Unavailable: there is none.
        """
        found = re.search(rf"Depends: ({re.escape(prefix)}[^\s:]+)", self._apt("apt-cache", "depends", package))
        if not found:
            raise Unavailable(f"this machine's Debian mirror has no {package} of {self._suite}")
        return found.group(1)

    def native(self) -> str:
        """This machine's own architecture, as Debian calls it."""
        return self._run(["dpkg", "--print-architecture"]).strip()

    def _update(self) -> None:
        if self._updated:
            return
        for tool in ("apt-get", "apt-cache", "dpkg-deb"):
            if not shutil.which(tool):
                raise Unavailable(f"a guest's kernel comes from Debian's packages, and there is no {tool} here")
        mirror, key = self._mirror()
        for folder in ("lists/partial", "cache/archives/partial"):
            (self._directory / folder).mkdir(parents=True, exist_ok=True)
        (self._directory / "status").touch()
        architectures = dict.fromkeys((self.architecture, self.native()))
        signed = f" signed-by={key}" if key else ""
        (self._directory / "sources.list").write_text(
            "".join(
                f"deb [arch={','.join(architectures)}{signed}] {mirror} {suite} main\n"
                for suite in dict.fromkeys((SUITE, self._suite))
            )
        )
        (self._directory / "apt.conf").write_text(f"""\
APT::Architecture "{self.architecture}";
APT::Architectures {{ {" ".join(f'"{name}";' for name in architectures)} }};
APT::Sandbox::User "root";
APT::Default-Release "{self._suite}";
Acquire::Languages "none";
Acquire::Retries "3";
""")
        self._apt("apt-get", "-q", "update")
        self._updated = True

    def _mirror(self) -> tuple[str, str]:
        """Address of the Debian archive that this machine uses, and the file of its key ("" for apt's own choice)."""
        lines = self._run(
            [
                "apt-get",
                "indextargets",
                "--format",
                "$(REPO_URI) $(ORIGIN) $(LABEL) $(SIGNED_BY)",
                "Created-By: Packages",
            ]
        ).splitlines()
        for line in lines:
            address, origin, label, *key = line.split(" ")
            if (origin, label) == ("Debian", "Debian"):
                return address, key[0] if key and key[0].startswith("/") else ""
        raise Unavailable("a guest's kernel comes from a Debian mirror, and this machine's apt knows none")

    def _apt(self, *command: str, cwd: Path | None = None) -> str:
        here = self._directory.resolve()
        own = {
            "Dir::State": here,
            "Dir::State::lists": here / "lists",
            "Dir::State::status": here / "status",
            "Dir::Cache": here / "cache",
            "Dir::Etc::sourcelist": here / "sources.list",
            "Dir::Etc::sourceparts": "/dev/null",
        }
        options = [word for name, value in own.items() for word in ("-o", f"{name}={value}")]
        return self._run([command[0], "-c", here / "apt.conf", *options, *command[1:]], cwd)

    @staticmethod
    def _run(command: list, cwd: Path | None = None) -> str:
        try:
            process = subprocess.run(
                [str(word) for word in command],
                cwd=cwd,
                capture_output=True,
                text=True,
                stdin=subprocess.DEVNULL,
                timeout=_TIMEOUT,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise Unavailable(f"{command[0]}: {error}") from None
        if process.returncode:
            lines = [
                line for line in process.stderr.splitlines() if line.startswith("E:")
            ] or process.stderr.splitlines()
            raise Unavailable(f"{command[0]} failed: {(lines or ['no message'])[0]}")
        return process.stdout
