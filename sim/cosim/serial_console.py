# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""A conversation over the guest's serial port."""

import threading
from collections.abc import Sequence
from contextlib import suppress
from io import BufferedReader
from pathlib import Path
from typing import IO


class SerialConsole:
    """Writes what the guest prints to a log, and types an answer when a prompt appears.

    Args:
        log: the file.
        answers: pairs (prompt, answer), in order: the prompt's text in what was printed since the last answer makes
            the answer be typed.
    """

    def __init__(self, log: Path, answers: Sequence[tuple[str, str]] = ()) -> None:
        self._log = log
        self._answers = list(answers)
        self._thread: threading.Thread | None = None

    def start(self, output: BufferedReader, keyboard: IO[bytes]) -> None:
        """Follow *output*, a binary file, until its end in a thread of its own; type into *keyboard*."""
        self._thread = threading.Thread(target=self._follow, args=(output, keyboard), daemon=True)
        self._thread.start()

    def text(self) -> str:
        """All that was printed, once the guest has ended."""
        if self._thread:
            self._thread.join(10)
        return self._log.read_text(errors="replace").replace("\r", "")

    def _follow(self, output: BufferedReader, keyboard: IO[bytes]) -> None:
        waiting = b""
        with self._log.open("wb", buffering=0) as log:
            while data := output.read1(4096):
                log.write(data)
                waiting += data
                while self._answers and self._answers[0][0].encode() in waiting:
                    prompt, answer = self._answers.pop(0)
                    waiting = waiting.partition(prompt.encode())[2]
                    with suppress(OSError):  # it has ended; the log goes on to the end
                        keyboard.write(answer.encode())
                        keyboard.flush()
