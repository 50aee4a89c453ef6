# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""AXI4-Lite master of the register bus that survives every device: silence, unknown bits and broken rules are findings.

The payload changes to junk in the cycle after its handshake, and while nothing is valid.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cocotb.triggers import Lock
from cocotbext.virtio.checks.violation import Report
from cocotbext.virtio.clock_reset import ClockReset
from cocotbext.virtio.conformance.ports import REGISTER_PORT
from cocotbext.virtio.handles import Dut

if TYPE_CHECKING:
    from cocotbext.virtio.scoreboard.device_run_log import DeviceRunLog

OKAY = 0


class NoAnswer(Exception):
    """An access was not answered in time; the text says which."""


@dataclass
class BusTiming:
    """How accesses look.

    Attributes:
        skew: most cycles by which AW or W comes later than the other one; gap: most idle cycles before an access.
        ready_after: most cycles by which BREADY or RREADY follows VALID, None for a READY that is high before.
    """

    skew: int = 0
    ready_after: int | None = None
    gap: int = 0


class RegisterBus:
    """One access at a time in each direction.

    Args:
        dut: the design; prefix: of the signals; clock: the bench's clock; patience: cycles until no answer is coming.
        broken: called with (cycle, text) on a violation of AXI4-Lite; rng: source of delays and junk.

    Attributes:
        accesses: (cycle in which it began, cycle of the answer, write, address, value, strobes) of all.
        log: told of every access.
    """

    def __init__(
        self, dut: Dut, prefix: str, clock: ClockReset, patience: int, broken: Report, rng: random.Random
    ) -> None:
        def handle(name: str) -> Any:
            return getattr(dut, f"{prefix}_{name}")

        self._clock, self._patience, self._broken, self._rng = clock, patience, broken, rng
        self.timing = BusTiming()
        self.accesses: list[tuple] = []
        self.log: DeviceRunLog | None = None
        self._prefix = prefix
        self._h = {name: handle(name) for name in REGISTER_PORT}
        for name in ("awprot", "arprot"):
            if getattr(dut, f"{prefix}_{name}", None) is not None:
                self._h[name] = handle(name)
                self._h[name].value = 0
        for name in ("awvalid", "wvalid", "arvalid", "bready", "rready"):
            self._h[name].value = 0
        self._address_mask = (1 << len(self._h["awaddr"])) - 1
        self._write_lock, self._read_lock = Lock(), Lock()
        self._scramble("aw")
        self._scramble("w")
        self._scramble("ar")

    def _scramble(self, channel: str) -> None:
        if channel == "w":
            self._h["wdata"].value = self._rng.getrandbits(32)
            self._h["wstrb"].value = self._rng.getrandbits(4)
        else:
            self._h[channel + "addr"].value = self._rng.getrandbits(64) & self._address_mask

    def _level(self, name: str) -> bool:
        text = str(self._h[name].value)
        if text not in ("0", "1"):
            self._broken(self._clock.cycle, f"{self._prefix}_{name} has unknown bits")
        return text == "1"

    def _number(self, name: str, what: str) -> int:
        value = self._h[name].value
        try:
            return int(value)
        except ValueError:
            text = f"{what}: {self._prefix}_{name} has unknown bits while valid: {value}"
            self._broken(self._clock.cycle, text)
            return int("".join(bit if bit in "01" else "0" for bit in str(value)), 2)

    async def write(self, address: int, value: int, strobe: int = 0xF) -> int:
        """Write; returns BRESP.

        Args:
            address: byte address, put on the wires as it is; value: 32 bits on their lanes; strobe: WSTRB.

        Raises:
            NoAnswer: READY or BVALID did not come.
        """
        async with self._write_lock:
            return await self._write(address, value, strobe)

    async def _write(self, address: int, value: int, strobe: int) -> int:
        clock, timing, h = self._clock, self.timing, self._h
        if not clock.at_edge():
            await clock.edge
        for _ in range(self._rng.randint(0, timing.gap)):
            await clock.edge
        began = clock.cycle
        skew = self._rng.randint(-timing.skew, timing.skew)
        waits = {"aw": max(0, skew), "w": max(0, -skew)}
        open_, valid = {"aw", "w"}, set[str]()
        ready = timing.ready_after is None
        h["bready"].value = int(ready)
        early = False
        if self.log:
            self.log.write_began(address, value)
        while open_:
            for channel in sorted(open_ - valid):
                if waits[channel]:
                    waits[channel] -= 1
                    continue
                if channel == "aw":
                    h["awaddr"].value = address & self._address_mask
                else:
                    h["wdata"].value, h["wstrb"].value = value, strobe
                h[channel + "valid"].value = 1
                valid.add(channel)
            await clock.edge
            if self._level("bvalid") and not early:
                early = True
                self._broken(
                    clock.cycle, f"{self._prefix}_bvalid comes before address and data of the write were taken"
                )
            for channel in sorted(open_ & valid):
                if self._level(channel + "ready"):
                    open_.discard(channel)
                    h[channel + "valid"].value = 0
                    self._scramble(channel)
            if clock.cycle - began > self._patience:
                for channel in open_:
                    h[channel + "valid"].value = 0
                raise NoAnswer(
                    f"a write to {address:#x}: "
                    f"{' and '.join(f'{self._prefix}_{each}ready' for each in sorted(open_))} did "
                    f"not come in {self._patience} cycles"
                )
        if self.log:
            self.log.write_accepted(address, value, strobe)
        response = await self._answer("b", ready, began, f"a write to {address:#x}", ("bresp",))
        self.accesses.append((began, clock.cycle, True, address, value, strobe))
        if self.log:
            self.log.write_answered(address, value, strobe)
        return response[0]

    async def read(self, address: int) -> tuple[int, int]:
        """Read; returns (RDATA, RRESP). Unknown bits are reported and read 0.

        Raises:
            NoAnswer: READY or RVALID did not come.
        """
        async with self._read_lock:
            clock, timing, h = self._clock, self.timing, self._h
            if not clock.at_edge():
                await clock.edge
            for _ in range(self._rng.randint(0, timing.gap)):
                await clock.edge
            began = clock.cycle
            h["araddr"].value = address & self._address_mask
            h["arvalid"].value = 1
            ready = timing.ready_after is None
            h["rready"].value = int(ready)
            while True:
                await clock.edge
                if self._level("arready"):
                    break
                if clock.cycle - began > self._patience:
                    h["arvalid"].value = 0
                    raise NoAnswer(
                        f"a read of {address:#x}: {self._prefix}_arready did not come in {self._patience} cycles"
                    )
            h["arvalid"].value = 0
            self._scramble("ar")
            accepted = clock.cycle
            data, response = await self._answer("r", ready, began, f"a read of {address:#x}", ("rdata", "rresp"))
            self.accesses.append((began, clock.cycle, False, address, data, 0))
            if self.log:
                self.log.read(address, data, accepted)
            return data, response

    async def _answer(self, channel: str, ready: bool, began: int, what: str, names: Sequence[str]) -> list[int]:
        """Wait for B or R, take it, and return its payload."""
        clock, h = self._clock, self._h
        valid_name, ready_name = channel + "valid", channel + "ready"
        while True:
            await clock.edge
            if self._level(valid_name):
                break
            if clock.cycle - began > self._patience:
                h[ready_name].value = 0
                raise NoAnswer(f"{what}: {self._prefix}_{valid_name} did not come in {self._patience} cycles")
        payload = [self._number(name, what) for name in names]
        if not ready:
            for _ in range(self._rng.randint(0, self.timing.ready_after or 0)):
                await clock.edge
                self._still(channel, payload, names, what)
            h[ready_name].value = 1
            await clock.edge
            self._still(channel, payload, names, what)
        h[ready_name].value = 0
        return payload

    def _still(self, channel: str, payload: list[int], names: Sequence[str], what: str) -> None:
        if not self._level(channel + "valid"):
            self._broken(self._clock.cycle, f"{self._prefix}_{channel}valid withdrawn before ready")
        elif [self._number(name, what) for name in names] != payload:
            self._broken(
                self._clock.cycle, f"{what}: {self._prefix}_{channel}: payload changed while waiting for ready"
            )
