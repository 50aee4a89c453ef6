# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
"""A disk behind the streams of virtio_blk, in random time."""

import random
from collections import deque

import cocotb
from cocotb.triggers import RisingEdge

SECTOR = 512


class DiskModel:
    """Serves disk_cmd_*, disk_wr_*, disk_rd_* and disk_resp_*.

    Attributes:
        data: the content.
        commands: (op, sector, count) of every command taken.
        silent: it sends neither data nor responses.
        failing: how many of the next commands fail; fail_chance: probability that a command fails.
        failed: whether it failed, for each of *commands*.
    """

    def __init__(self, dut, rng: random.Random, sectors: int, busy: float = 0.3, depth: int = 4):
        self.dut, self.rng, self.busy, self.depth = dut, rng, busy, depth
        self.data = bytearray(rng.randbytes(sectors * SECTOR))
        self.word = len(dut.disk_rd_data) // 8
        self.commands: list[tuple[int, int, int]] = []
        self.silent = False
        self.failing = 0
        self.fail_chance = 0.0
        self.failed: list[bool] = []
        self.failed_beats = 0
        self._forget()
        for name in ("disk_cmd_ready", "disk_wr_ready", "disk_rd_valid", "disk_resp_valid"):
            getattr(dut, name).value = 0
        cocotb.start_soon(self._run())

    def _forget(self) -> None:
        self._queue: deque = deque()  # [op, bytes left, offset, fails]
        self._responses: deque[bool] = deque()
        self._reading = self._responding = False
        self._ready = {"cmd": False, "wr": False}

    def _chance(self) -> bool:
        return self.rng.random() >= self.busy

    async def _run(self) -> None:
        dut = self.dut
        edge = RisingEdge(dut.aclk)
        while True:
            await edge
            if not int(dut.aresetn.value) or int(dut.disk_reset.value):
                self._forget()
                for name in ("disk_cmd_ready", "disk_wr_ready", "disk_rd_valid", "disk_resp_valid"):
                    getattr(dut, name).value = 0
                continue
            if self._responding and int(dut.disk_resp_ready.value):
                self._responses.popleft()
                self._responding = False
            if self._reading and int(dut.disk_rd_ready.value):
                self._reading = False
                self._move(self.word)
            if self._ready["wr"] and int(dut.disk_wr_valid.value):
                front = self._queue[0]
                assert front[0] == 1
                assert int(dut.disk_wr_last.value) == (front[1] <= self.word)
                if int(dut.disk_wr_error.value):
                    self.failed_beats += 1
                else:
                    beat = int(dut.disk_wr_data.value).to_bytes(self.word, "little")
                    self.data[front[2] : front[2] + self.word] = beat
                self._move(self.word)
            if self._ready["cmd"] and int(dut.disk_cmd_valid.value):
                op, sector, count = (int(getattr(dut, f"disk_cmd_{name}").value) for name in ("op", "sector", "count"))
                self.commands.append((op, sector, count))
                assert op in (0, 1, 2)
                if op < 2:
                    assert count > 0 and (sector + count) * SECTOR <= len(self.data), f"sectors {sector}+{count}"
                fails = self.failing > 0 or self.rng.random() < self.fail_chance
                self.failing -= self.failing > 0
                self.failed.append(fails)
                self._queue.append([op, count * SECTOR if op < 2 else 0, sector * SECTOR, fails])
            while self._queue and self._queue[0][1] == 0:
                self._responses.append(self._queue.popleft()[3])
            self._ready["cmd"] = self._chance() and len(self._queue) < self.depth
            dut.disk_cmd_ready.value = int(self._ready["cmd"])
            front = self._queue[0] if self._queue else None
            self._ready["wr"] = bool(front) and front[0] == 1 and self._chance()
            dut.disk_wr_ready.value = int(self._ready["wr"])
            if not self._reading:
                self._reading = bool(front) and front[0] == 0 and not self.silent and self._chance()
                dut.disk_rd_valid.value = int(self._reading)
                if self._reading:
                    beat = self.data[front[2] : front[2] + self.word]
                    dut.disk_rd_data.value = int.from_bytes(beat, "little")
            if not self._responding:
                self._responding = bool(self._responses) and not self.silent and self._chance()
                dut.disk_resp_valid.value = int(self._responding)
                if self._responding:
                    dut.disk_resp_error.value = int(self._responses[0])

    def _move(self, size: int) -> None:
        self._queue[0][1] -= size
        self._queue[0][2] += size
