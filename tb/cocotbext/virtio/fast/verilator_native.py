# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The program around the harness, tb/cocotbext/virtio/fast/harness/simulation.cpp: only under Verilator there is one
of our own."""

import ctypes
import traceback
from collections.abc import Callable
from functools import cache, partial

import cocotb
from cocotb.simtime import get_sim_time
from cocotb.triggers import GPITrigger, ValueChange
from cocotbext.virtio.handles import Bit, Signal

_GIVEN = 1 << 32
_CALL = ctypes.CFUNCTYPE(None)


@cache
def _program() -> ctypes.CDLL | None:
    program = ctypes.CDLL(None)
    if not hasattr(program, "harness_clock"):
        return None
    program.harness_clock.argtypes = [ctypes.c_uint64]
    program.harness_clock.restype = None
    program.harness_memory.argtypes = [ctypes.c_char_p, ctypes.c_char_p]
    program.harness_memory.restype = ctypes.c_void_p
    program.harness_put.argtypes = [ctypes.c_char_p, ctypes.c_char_p]
    program.harness_put.restype = ctypes.c_void_p
    program.harness_watch.argtypes = [ctypes.c_char_p, ctypes.c_char_p, _CALL]
    program.harness_watch.restype = None
    return program


def _clock_of_program() -> Callable[[], int]:
    program = _program()
    if program is None:
        return partial(get_sim_time, "step")
    return partial(ctypes.c_uint64.in_dll(program, "harness_now").__getattribute__, "value")


present_step = _clock_of_program()  # a function that returns the simulation time, in steps


def start_clock(half_period: int) -> bool:
    """Let the program make the clock, low for the first *half_period* steps. False if it cannot."""
    program = _program()
    if program is None:
        return False
    program.harness_clock(half_period)
    return True


def memory(name: str, size: int, scope: str = "endpoint_harness") -> memoryview | None:
    """The *size* bytes of a variable of the harness, the least significant first; None if they cannot be had.

    What is written there is seen when the simulator goes on, without an event of its own: it suits a variable that is
    looked at when another one changes.

    Raises:
        LookupError: the harness has no such variable.
    """
    program = _program()
    if program is None:
        return None
    address = program.harness_memory(scope.encode(), name.encode())
    if not address:
        raise LookupError(f"the simulation has no variable {scope}.{name}")
    return memoryview((ctypes.c_char * size).from_address(address)).cast("B")


def writer(handle: Signal) -> Callable[[int], None]:
    """What assigning to ``handle.value`` does, of an input of the harness that has 17 to 32 bits, in less time."""
    program = _program()
    if program is None:

        def write(value: int) -> None:
            handle.value = value

        return write
    memory(handle._name, 4, "TOP")  # there is such an input
    view = (
        memoryview(ctypes.c_uint64.from_address(program.harness_put(b"TOP", handle._name.encode()))).cast("B").cast("Q")
    )

    def put(value: int) -> None:
        view[0] = _GIVEN | value

    return put


class _Watched(GPITrigger):
    """A ValueChange that the simulator need not be told of anew for every wait."""

    def __init__(self, program: ctypes.CDLL, name: str) -> None:
        super().__init__()
        memory(name, 1)  # there is such a variable
        self._called = _CALL(self._changed)
        program.harness_watch(b"endpoint_harness", name.encode(), self._called)

    def _prime(self) -> None:
        pass

    def _unprime(self) -> None:
        pass

    def _changed(self) -> None:
        if self._callbacks:
            try:
                self._react()
            except BaseException:  # as after a callback of cocotb's own: what a task lets through ends the simulation
                traceback.print_exc()
                cocotb.simulator.stop_simulator()


@cache
def watched(handle: Bit) -> GPITrigger:
    """A trigger for every change of a one-bit variable of the harness. Those that change at once fire in the order
    of the first calls."""
    program = _program()
    return ValueChange(handle) if program is None else _Watched(program, handle._name)
