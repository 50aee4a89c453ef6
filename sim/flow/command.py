# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0

"""What every command shares: one line for what the user can put right, and the exit status that says whose fault it is.

Exit status: 0 for success, 1 for a failure of what was tested, 2 for bad input or a machine that lacks something, 130
when interrupted.
"""

import argparse
import os
import signal
import sys
from collections.abc import Callable
from typing import Never

from sim.flow import processes
from sim.flow.errors import FlowError, Interrupted


class Parser(argparse.ArgumentParser):
    """One line for a wrong option, like every other error."""

    def error(self, message: str) -> Never:
        raise FlowError(f"{message}; see {self.prog} --help")


def guarded(name: str, run: Callable[[], int], hint: str = "") -> int:
    """Run a command; returns its exit status, or that of what went wrong, which one line on stderr names.

    Args:
        name: what the line begins with.
        hint: what the line for an interruption ends with, such as "the same command goes on".
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that nothing is left running
    try:
        with processes.group():
            return run()
    except BrokenPipeError:  # such as: make regress | head
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except FlowError as error:
        _say(f"{name}: {error}")
        return 2
    except ModuleNotFoundError as error:
        if (error.name or "sim").partition(".")[0] in ("sim", "tb", "tests"):
            raise
        _say(f"{name}: this needs the package {error.name}; install requirements/test.txt, which has all of them")
        return 2
    except OSError as error:  # a full disk, a folder that may not be written
        place = f": {error.filename}" if error.filename else ""
        _say(f"{name}: {error.strerror or error}{place}")
        return 2
    except (KeyboardInterrupt, Interrupted):
        _say(f"{name}: interrupted{'; ' + hint if hint else ''}")
        return 130


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
