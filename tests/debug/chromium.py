# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""A real browser for tests of pages: Debian's Chromium, driven over its DevTools protocol."""

import base64
import fcntl
import itertools
import json
import re
import shutil
import signal
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import pytest
from websockets.sync.client import connect

from sim import bootstrap
from sim.flow.paths import BUILD

# Headless, and silent: without these it looks for its maker's hosts at every start.
_FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --hide-scrollbars --remote-debugging-port=0 about:blank"
).split()
_ADDRESS = re.compile(r"DevTools listening on (ws://\S+)")
_TIMEOUT = 300  # seconds; a busy machine is slow


@cache
def program() -> str:
    """The browser, installed by apt if need be. Skips the test, and says why, when it cannot be had."""
    BUILD.mkdir(exist_ok=True)
    with (BUILD / "chromium.lock").open("w") as lock:  # several pytest workers may come at once
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not shutil.which("chromium"):
            bootstrap.install_packages(["chromium"])
    found = shutil.which("chromium")
    if not found:
        pytest.skip("no Chromium here and apt could not install it; to add: sudo apt-get install chromium")
    return found


class Browser:
    """One page in a browser of its own; use it as a context manager.

    Attributes:
        complaints: what the page's program has written to the console, and exceptions that nobody caught.
        requests: addresses that the page asked for, its own file and data inside it left out.
    """

    def __init__(self, width: int = 1400, height: int = 900):
        self._profile = tempfile.TemporaryDirectory(prefix="chromium-", ignore_cleanup_errors=True)
        self._process = subprocess.Popen(
            [program(), f"--window-size={width},{height}", f"--user-data-dir={self._profile.name}", *_FLAGS],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        address = next((match[1] for line in self._process.stderr if (match := _ADDRESS.search(line))), None)
        assert address, "Chromium ended before it listened"
        self._numbers = itertools.count(1)
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self._loaded = False
        self._connection = connect(address, max_size=None, open_timeout=_TIMEOUT)
        self._socket = self._connection.__enter__()
        self._session = None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network"):
            self.call(f"{domain}.enable")
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def __enter__(self) -> "Browser":
        return self

    def __exit__(self, *_):
        self._connection.__exit__(None, None, None)
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        self._process.stderr.close()
        self._profile.cleanup()

    def call(self, method: str, **parameters) -> dict:
        """One command of the DevTools protocol; returns its result."""
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        self._socket.send(json.dumps(message))
        while True:
            answer = json.loads(self._socket.recv(timeout=_TIMEOUT))
            if answer.get("id") == number:
                assert "error" not in answer, f"{method}: {answer['error']}"
                return answer["result"]
            self._note(answer)

    def _note(self, event: dict) -> None:
        method, parameters = event.get("method"), event.get("params", {})
        if method == "Runtime.consoleAPICalled":
            self.complaints.append(str([argument.get("value") for argument in parameters["args"]]))
        elif method == "Runtime.exceptionThrown":
            self.complaints.append(json.dumps(parameters["exceptionDetails"])[:400])
        elif method == "Network.requestWillBeSent" and not parameters["request"]["url"].startswith(
            ("file:", "data:", "about:")
        ):
            self.requests.append(parameters["request"]["url"])
        elif method == "Page.loadEventFired":
            self._loaded = True

    def open(self, page: Path, part: str = "") -> None:
        """Load a file, with `part` behind a #, and wait until it has drawn itself."""
        self._loaded = False
        self.call("Page.navigate", url="about:blank")
        self._wait()
        self._loaded = False
        self.call("Page.navigate", url=page.resolve().as_uri() + (f"#{part}" if part else ""))
        self._wait()

    def _wait(self) -> None:
        while not self._loaded:
            self._note(json.loads(self._socket.recv(timeout=_TIMEOUT)))
        self.settle()

    def settle(self) -> None:
        """Wait until what is due on the screen has been drawn."""
        self.run("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(0))))")

    def run(self, script: str):
        """The value of a JavaScript expression in the page."""
        result = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in result, f"{script}: {result['exceptionDetails']}"
        return result["result"].get("value")

    def middle(self, selector: str) -> tuple[float, float]:
        """Where the middle of an element is on the screen."""
        box = self.run(
            f"(() => {{ const b = document.querySelector({json.dumps(selector)}).getBoundingClientRect(); "
            "return [b.x + b.width / 2, b.y + b.height / 2]; })()"
        )
        return box[0], box[1]

    def point(self, x: float, y: float) -> None:
        """Move the mouse there."""
        self.call("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)
        self.settle()

    def click(self, x: float, y: float) -> None:
        """Press and release the button there."""
        self.point(x, y)
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)
        self.settle()

    def wheel(self, x: float, y: float, by: float) -> None:
        """Turn the mouse wheel there."""
        self.call("Input.dispatchMouseEvent", type="mouseWheel", x=x, y=y, deltaX=0, deltaY=by)
        self.settle()

    def dark(self, on: bool) -> None:
        """Prefer a dark page, or a light one."""
        self.call(
            "Emulation.setEmulatedMedia",
            features=[{"name": "prefers-color-scheme", "value": "dark" if on else "light"}],
        )

    def screenshot(self, file: Path) -> None:
        """What is on the screen, as PNG."""
        file.write_bytes(base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"]))
