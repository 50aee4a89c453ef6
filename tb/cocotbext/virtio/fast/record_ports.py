# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Where the recorder's entries are."""

import struct
from collections.abc import Callable
from typing import NamedTuple

from cocotb.simtime import get_sim_time
from cocotbext.virtio.fast.verilator_native import memory
from cocotbext.virtio.handles import Dut, Signal

_RECENT = 4  # entries beside the number of all of them
_BANK = 32  # entries in a bank
_BANKS = 16
_RING = _BANK * _BANKS
_WORD = (1 << 64) - 1
_unpack_bank = struct.Struct(f"<{_BANK}Q").unpack


class Fresh(NamedTuple):
    """What has been recorded."""

    head: int  # number of all entries so far
    words: list[int] | tuple[int, ...]  # those that were asked for, the oldest first


def record(dut: Dut) -> Callable[[int], Fresh]:
    """A function that gives the entries from a number on: from memory where that is to be had, else over the VPI."""
    head, ring = memory("fast_head", 4), memory("bank", 8 * _RING, "endpoint_harness.recorder")
    return _over_vpi(dut) if head is None or ring is None else _from_memory(head.cast("I"), ring.cast("Q"))


def _from_memory(head_word: memoryview, ring: memoryview) -> Callable[[int], Fresh]:
    def since(tail: int) -> Fresh:
        head = head_word[0]
        first, last = tail % _RING, head % _RING
        if last >= first:
            return Fresh(head, ring[first:last].tolist())
        return Fresh(head, ring[first:].tolist() + ring[:last].tolist())

    return since


def _over_vpi(dut: Dut) -> Callable[[int], Fresh]:
    recent_port, banks = dut.fast_recent, [dut.recorder.bank[number] for number in range(_BANKS)]

    def since(tail: int) -> Fresh:
        recent = int(recent_port.value)
        head = recent >> 64 * _RECENT
        fresh = head - tail & 0xFFFFFFFF
        if fresh <= _RECENT:
            return Fresh(head, [recent >> 64 * place & _WORD for place in range(fresh - 1, -1, -1)])
        words: list[int] = []
        bank, first = tail // _BANK % _BANKS, tail % _BANK
        while len(words) < first + fresh:
            words += _unpack_bank(int(banks[bank].value).to_bytes(8 * _BANK, "little"))
            bank = (bank + 1) % _BANKS
        return Fresh(head, words[first : first + fresh])

    return since


def at_start(handle: Signal) -> int:
    """The value of a handle; at time 0, when the simulator has not run the initial blocks yet, the 0 that they will
    set."""
    return int(handle.value) if get_sim_time("step") else 0
