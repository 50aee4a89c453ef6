# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The kernel's side of a queue, called through ctypes; its rings lie in a memory that a device in Python sees."""

import ctypes
import mmap
from collections.abc import Callable, Generator, Sequence
from pathlib import Path

from cocotbext.virtio.rings.layout import QueueLayout
from cocotbext.virtio.rings.plain_memory import PlainMemory

_CALLBACK = ctypes.CFUNCTYPE(None)
_ADD, _KICK, _GET, _DISABLE_CALLBACKS, _ENABLE_CALLBACKS = range(5)  # functions of steps.c


class KernelRings:
    """The library, with its memory. One at a time: the library keeps its state in static variables.

    Args:
        library: what build() made.
        size: bytes of memory for rings, tables, the kernel's own state and buffers.

    Attributes:
        memory: what a device sees; the addresses are those of this process.
        passing: called in barriers, where simulated time passes; may be replaced at any time.
        errors: exceptions that ``passing`` has raised; the first one is raised again by :meth:`check`.
    """

    def __init__(self, library: Path, size: int = 1 << 24) -> None:
        self._map = mmap.mmap(-1, size)
        base = ctypes.addressof(ctypes.c_char.from_buffer(self._map))
        self.memory = PlainMemory(base, data=memoryview(self._map))
        self.passing: Callable[[], None] = lambda: None
        self.errors: list[BaseException] = []
        self._inside = False
        self.library = loaded = ctypes.PyDLL(str(library))
        pointer, unsigned, wide = ctypes.c_void_p, ctypes.c_uint, ctypes.c_uint64
        for name, result, *arguments in (
            ("simulation_open", None, pointer, ctypes.c_size_t, _CALLBACK),
            ("simulation_every", None, ctypes.c_ulong),
            ("simulation_barriers", ctypes.c_ulong),
            ("arena_allocate", pointer, ctypes.c_size_t),
            ("arena_release", None, pointer),
            ("queue_create", pointer, unsigned, wide, ctypes.c_int),
            ("queue_delete", None, pointer),
            ("queue_area", wide, pointer, ctypes.c_int),
            ("queue_free", unsigned, pointer),
            ("queue_add", ctypes.c_int, pointer, pointer, unsigned, unsigned, ctypes.c_ulong),
            ("queue_kick", ctypes.c_int, pointer),
            ("queue_get", ctypes.c_ulong, pointer, pointer),
            ("queue_disable_callbacks", None, pointer),
            ("queue_enable_callbacks", ctypes.c_int, pointer, ctypes.c_int),
            ("step_begin", ctypes.c_int, ctypes.c_int, pointer, pointer, unsigned, unsigned, ctypes.c_ulong),
            ("step_on", ctypes.c_int),
            ("step_result", ctypes.c_long),
        ):
            function = getattr(loaded, name)
            function.restype, function.argtypes = result, arguments
        self._callback = _CALLBACK(self._barrier)
        loaded.simulation_open(base, size, self._callback)

    def every(self, count: int) -> None:
        """Let time pass in every *count*-th barrier only."""
        self.library.simulation_every(count)

    @property
    def barriers(self) -> int:
        """Barriers that the kernel has gone through."""
        return self.library.simulation_barriers()

    def allocate(self, size: int) -> int:
        """Memory for buffers; returns its address."""
        return self.library.arena_allocate(size)

    def check(self) -> None:
        """Raise what ``passing`` has raised."""
        if self.errors:
            raise self.errors[0]

    def _barrier(self) -> None:
        if self._inside:
            return  # the device's own doing
        self._inside = True
        try:
            self.passing()
        except BaseException as error:  # an exception cannot pass through C
            self.errors.append(error)
        finally:
            self._inside = False


class KernelQueue:
    """One virtqueue of Linux.

    Args:
        rings: the library.
        size: entries.
        features: accepted feature bits.
        strong: the barriers of a device that is no CPU (ORDER_PLATFORM).

    Attributes:
        layout: what the kernel announces.

    Raises:
        MemoryError: Linux cannot make it.
    """

    def __init__(self, rings: KernelRings, size: int, features: int, strong: bool = True) -> None:
        self._rings = rings
        self._library = library = rings.library
        self._queue = library.queue_create(size, features, not strong)
        if not self._queue:
            raise MemoryError(f"Linux makes no queue of {size} entries with features {features:#x}")
        self.layout = QueueLayout(size, *(library.queue_area(self._queue, which) for which in range(3)))
        self._length = ctypes.c_uint()
        self._length_at = ctypes.addressof(self._length)

    @property
    def free(self) -> int:
        """Free descriptors."""
        return self._library.queue_free(self._queue)

    @staticmethod
    def parts(parts: Sequence[tuple[int, int]]) -> "ctypes.Array[ctypes.c_uint64]":
        """(address, length) of each part, in the form that :meth:`add` takes; make it once and use it often."""
        return (ctypes.c_uint64 * (2 * len(parts)))(*(number for part in parts for number in part))

    def add(self, parts: "ctypes.Array[ctypes.c_uint64]", readable: int, writable: int, token: int) -> bool:
        """virtqueue_add_sgs; False where the kernel refuses, as it does when the queue is full.

        Args:
            parts: see parts(); the readable ones first.
            readable, writable: how many of each.
            token: any number but 0, with which get() returns the buffer.
        """
        return self._library.queue_add(self._queue, parts, readable, writable, token) == 0

    def kick(self) -> bool:
        """virtqueue_kick_prepare: whether the device wants to be told."""
        return bool(self._library.queue_kick(self._queue))

    def get(self) -> tuple[int, int] | None:
        """virtqueue_get_buf: (token, bytes written) of a used buffer, None when there is none."""
        token = self._library.queue_get(self._queue, self._length_at)
        return (token, self._length.value) if token else None

    def disable_callbacks(self) -> None:
        """virtqueue_disable_cb: a hint that no interrupt is wanted."""
        self._library.queue_disable_callbacks(self._queue)

    def enable_callbacks(self, delayed: bool = False) -> bool:
        """virtqueue_enable_cb, or _delayed; False: buffers were used meanwhile, look again."""
        return bool(self._library.queue_enable_callbacks(self._queue, delayed))

    # The same in steps: a generator stops in every barrier, and returns what the function returns. One at a time.

    def add_in_steps(
        self, parts: "ctypes.Array[ctypes.c_uint64]", readable: int, writable: int, token: int
    ) -> Generator[None, None, bool]:
        """See :meth:`add`."""
        return (yield from self._steps(_ADD, ctypes.addressof(parts), readable, writable, token)) == 0

    def kick_in_steps(self) -> Generator[None, None, bool]:
        """See :meth:`kick`."""
        return bool((yield from self._steps(_KICK)))

    def get_in_steps(self) -> Generator[None, None, tuple[int, int] | None]:
        """See :meth:`get`."""
        token = yield from self._steps(_GET, self._length_at)
        return (token, self._length.value) if token else None

    def disable_callbacks_in_steps(self) -> Generator[None, None, None]:
        """See :meth:`disable_callbacks`."""
        yield from self._steps(_DISABLE_CALLBACKS)

    def enable_callbacks_in_steps(self, delayed: bool = False) -> Generator[None, None, bool]:
        """See :meth:`enable_callbacks`."""
        return bool((yield from self._steps(_ENABLE_CALLBACKS, None, 0, 0, delayed)))

    def _steps(
        self, function: int, place: int | None = None, readable: int = 0, writable: int = 0, token: int = 0
    ) -> Generator[None, None, int]:
        library = self._library
        done = library.step_begin(function, self._queue, place, readable, writable, token)
        while not done:
            yield
            done = library.step_on()
        return library.step_result()

    def close(self) -> None:
        """vring_del_virtqueue."""
        self._library.queue_delete(self._queue)
