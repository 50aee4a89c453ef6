# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""A driver and a device on paper: they make traces for the order rules, right ones and ones with a named fault."""

from cocotbext.virtio.checks.ring_trace import RingTrace
from cocotbext.virtio.memory_transactions import SLVERR, MemoryRead, MemoryWrite
from cocotbext.virtio.rings.layout import QueueLayout
from cocotbext.virtio.rings.memory import Memory

LATENCY = 10
WORD = 8
WRAP = 1 << 16  # of the indices of a split queue
EVENT_IDX, INDIRECT, PACKED, NOTIFICATION_DATA = 1 << 29, 1 << 28, 1 << 34, 1 << 38
NEXT, WRITE, TABLE = 1, 2, 4


class Paper:
    """Time, memory and trace; what split and packed devices share.

    Args:
        faults: names of what is done wrong.
    """

    def __init__(self, *faults, size=8, features=0, word=WORD):
        self.faults = set(faults)
        self.size, self.features, self.word = size, features, word
        self.event_idx = bool(features & EVENT_IDX)
        self.memory, self.trace, self.now = Memory(), RingTrace(), 100
        self.layout = QueueLayout(size, 0x1000, 0x3000, 0x5000)
        self.next_buffer = 0x10_0000
        self.todo = []
        self.start()

    def start(self):
        self.trace.queue_start(self.now, 0, self.layout, self.features)

    def wrong(self, name):
        return name in self.faults

    # The driver

    def put(self, address, value, size):
        data = value if isinstance(value, bytes) else value.to_bytes(size, "little")
        self.memory.write(address, data)
        self.trace.driver_wrote(self.now, address, data)

    def place(self, size):
        address = self.next_buffer
        self.next_buffer += size + 63 & ~63
        return address

    def descriptor(self, address, target, length, third, fourth):
        self.put(address, target | length << 64 | third << 96 | fourth << 112, 16)

    # The device

    def read(self, address, length, issued=None, latency=LATENCY, wait=True, error=None):
        """A read with its answer, whose beat number *error* is answered SLVERR; time goes on to the answer."""
        issued = self.now if issued is None else issued
        start = address // self.word * self.word
        beats = (address + length - 1) // self.word - address // self.word + 1
        answers = [issued + latency + beat for beat in range(beats)]
        data = self.memory.read(start, beats * self.word)
        responses = [SLVERR * (beat == error) for beat in range(beats)]
        read = MemoryRead(
            start,
            beats * self.word,
            self.word,
            issued,
            data=data,
            accepted=issued,
            answered=answers[-1],
            beats_answered=answers,
            response=max(responses),
            responses=responses,
        )
        self.trace.read(read)
        if wait:
            self.now = max(self.now, answers[-1])
        return int.from_bytes(data[address - start : address - start + length], "little")

    def write(self, address, value, size=0, issued=None, latency=LATENCY, wait=True, answered=True):
        issued = self.now if issued is None else issued
        data = value if isinstance(value, bytes) else value.to_bytes(size, "little")
        start = address // self.word * self.word
        end = -(-(address + len(data)) // self.word) * self.word
        full = bytes(address - start) + data + bytes(end - address - len(data))
        strobes = ((1 << len(data)) - 1) << address - start
        write = MemoryWrite(
            start, full, strobes, self.word, issued, accepted=issued, answered=issued + latency if answered else None
        )
        self.trace.write(write)
        self.memory.write(address, data)
        if wait:
            self.now = max(self.now, issued + latency)

    def fill(self, parts):
        """Data for all writable parts; the bytes written."""
        done = 0
        for number, (address, length) in enumerate(parts):
            if self.wrong("C-8 only the first part") and number:
                done += length
                continue
            if self.wrong("C-10 beyond the end"):
                self.write(address, bytes([7]) * (length + 8))
            else:
                self.write(
                    address,
                    bytes([7]) * length,
                    wait=not self.wrong("C-4 data not waited for"),
                    latency=LATENCY if not self.wrong("C-4 data not waited for") else 90,
                )
            done += length
        return done

    def notify(self):
        self.trace.notified(self.now, 0)
        if self.wrong("V-7 told of twice"):
            self.show_again()
            self.now += 1
            self.trace.notified(self.now, 0)

    def show_again(self):
        """Say once more how far the queue is, which changes nothing, and read the wish once more."""
        raise NotImplementedError

    def settle(self):
        self.now += 400
        self.trace.settled(self.now)
        self.now += 1

    def stop(self):
        if self.wrong("C-11 in flight at the stop"):
            self.write(self.last[0], bytes(8), latency=40, wait=False)
        if self.wrong("C-19 a read is never answered"):
            self.trace.read(MemoryRead(self.layout.descriptor_area, 16, self.word, self.now))
        self.now += 5
        self.trace.queue_stop(self.now, 0)
        self.now += 20
        if self.wrong("C-11 after the stop"):
            self.write(self.layout.device_area, 0, 2)


class SplitPaper(Paper):
    """Split queue."""

    def __init__(self, *faults, **options):
        self.available = self.taken = self.used = 0
        super().__init__(*faults, **options)

    def give(self, parts, indirect=False):
        """Make a buffer available; parts: (length, writable)."""
        position = self.available
        head = position * 3 % self.size if not self.size % 2 else position % self.size
        placed = [(self.place(length), length, writable) for length, writable in parts]
        indices = [(head + step) % self.size for step in range(len(parts))]
        base = self.layout.descriptor_area
        if indirect:
            table = self.place(16 * len(parts))
            self.descriptor(base + 16 * head, table, 16 * len(parts), TABLE, 0)
            base, indices = table, list(range(len(parts)))
            self.todo.append((head, placed, [self.layout.descriptor_area + 16 * head], table))
        else:
            self.todo.append((head, placed, [base + 16 * index for index in indices], None))
        for step, (address, length, writable) in enumerate(placed):
            more = step + 1 < len(placed)
            self.descriptor(
                base + 16 * indices[step],
                address,
                length,
                NEXT * more | WRITE * writable,
                indices[step + 1] if more else 0,
            )
        self.put(self.layout.driver_area + 4 + 2 * (position % self.size), head, 2)
        self.available += 1
        self.put(self.layout.driver_area + 2, self.available % WRAP, 2)
        self.now += 1

    def kick(self):
        self.trace.kick(self.now, 0, self.available << 16 if self.features & NOTIFICATION_DATA else 0)
        self.now += 3

    def serve(self, notify=True):
        """The device takes everything, gives it back, and goes to sleep."""
        driver, size = self.layout.driver_area, self.size
        permitted = self.features & NOTIFICATION_DATA
        while self.todo:
            issued = self.now
            if not permitted:
                early = self.wrong("C-3 entry early")
                self.read(driver + 2, 2, wait=not early, error=0 if self.wrong("C-19 index failed") else None)
            head, parts, descriptors, table = self.todo.pop(0)
            entry = driver + 4 + 2 * (self.taken % size)
            error = 0 if self.wrong("C-19 entry failed") else None
            self.read(entry, 2, issued=issued if self.wrong("C-3 entry early") else None, error=error)
            self.taken += 1
            for where in descriptors:
                early = self.wrong("C-3 descriptor early")
                error = 1 if self.wrong("C-19 half a descriptor failed") else None
                self.read(where, 16, issued=issued - 1 if early else None, error=error)
                if error and self.wrong("it is read again"):
                    self.read(where, 16)
                if self.wrong("V-5 fetched twice"):
                    self.read(where, 16)
            if table is not None:
                length = 16 * len(parts) + 16 * self.wrong("C-9 one too many") * 4
                self.read(table, length, issued=issued if self.wrong("C-3 table early") else None)
            for address, length, writable in parts:
                if not writable:
                    self.read(address, length)
            writable = [(address, length) for address, length, write in parts if write]
            written = self.fill(writable)
            self.last = writable[0] if writable else (parts[0][0], 0)
            self.give_back(head, written)
            if notify:
                self.notify()
        self.sleep()

    def give_back(self, head, written):
        driver, device, size = self.layout.driver_area, self.layout.device_area, self.size
        wish = driver + 4 + 2 * size if self.event_idx else driver
        if self.wrong("V-2 a head that is not there"):
            head = (head + 1) % size
        if self.wrong("C-1 wish before the index"):
            self.read(wish, 2)
        element = head | written << 32
        if not self.wrong("V-6 no element"):
            self.write(
                device + 4 + 8 * (self.used % size),
                element,
                8,
                wait=not self.wrong("V-6 element not waited for"),
                latency=30,
            )
        self.used += 2 if self.wrong("C-6 two at once") else 1
        issued = self.now
        self.write(device + 2, self.used % WRAP, 2, wait=not self.wrong("C-1 wish before the answer"))
        if self.wrong("C-1 wish before the answer"):
            self.now += 2
            self.read(wish, 2, latency=1)
            self.now = max(self.now, issued + LATENCY)
        elif self.wrong("V-7 notified while the wish is read"):
            self.now += 2
            self.read(wish, 2, wait=False)
            self.now += 3
        elif not self.wrong("C-1 wish before the index") and not self.wrong("no wish"):
            self.read(wish, 2)
        if self.wrong("V-7 notified before the answer"):
            self.now = issued + 1

    def show_again(self):
        driver, device, size = self.layout.driver_area, self.layout.device_area, self.size
        self.write(device + 2, self.used % WRAP, 2)
        self.read(driver + 4 + 2 * size if self.event_idx else driver, 2)

    def sleep(self):
        driver, device, size = self.layout.driver_area, self.layout.device_area, self.size
        if self.event_idx and not self.wrong("C-17 never armed"):
            self.write(device + 4 + 8 * size, self.taken % WRAP, 2)
            if not self.wrong("C-2 no second look"):
                self.read(driver + 2, 2)


class PackedPaper(Paper):
    """Packed queue."""

    def __init__(self, *faults, **options):
        self.available = self.taken = self.used = 0
        super().__init__(*faults, features=options.pop("features", 0) | PACKED, **options)

    def slot(self, position):
        return self.layout.descriptor_area + 16 * (position % self.size)

    def flags(self, position, used=False):
        wrap = 1 - position // self.size % 2
        return wrap << 7 | (wrap if used else 1 - wrap) << 15

    def give(self, parts, indirect=False):
        number, first = self.available % 16 + 40, self.available
        placed = [(self.place(length), length, writable) for length, writable in parts]
        if indirect:
            table = self.place(16 * len(parts))
            for step, (address, length, writable) in enumerate(placed):
                self.descriptor(table + 16 * step, address, length, 0, WRITE * writable)
            self.descriptor(self.slot(first), table, 16 * len(parts), number, TABLE | self.flags(first))
            self.todo.append((number, placed, first, 1, table))
            self.available += 1
        else:
            for step in reversed(range(len(placed))):
                address, length, writable = placed[step]
                position = first + step
                self.descriptor(
                    self.slot(position),
                    address,
                    length,
                    number,
                    WRITE * writable | NEXT * (step + 1 < len(placed)) | self.flags(position),
                )
            self.todo.append((number, placed, first, len(placed), None))
            self.available += len(placed)
        self.now += 1

    def kick(self):
        lap, slot = divmod(self.available, self.size)
        self.trace.kick(self.now, 0, (slot | (1 - lap % 2) << 15) << 16 if self.features & NOTIFICATION_DATA else 0)
        self.now += 3

    def show_again(self):
        self.read(self.layout.driver_area, 4)

    def serve(self, notify=True):
        while self.todo:
            number, parts, first, slots, table = self.todo.pop(0)
            if self.word < 16 and not self.features & NOTIFICATION_DATA:
                issued = self.now
                self.read(self.slot(first) + 8, 8)
                self.read(self.slot(first), 16, issued=issued if self.wrong("C-3 descriptor early") else None)
            else:
                self.read(self.slot(first), 16)
            for step in range(1, slots):
                self.read(self.slot(first + step), 16)
            if table is not None:
                self.read(table, 16 * len(parts))
            for address, length, writable in parts:
                if not writable:
                    self.read(address, length)
            writable = [(address, length) for address, length, write in parts if write]
            written = self.fill(writable)
            self.last = writable[0] if writable else (parts[0][0], 0)
            self.taken += slots
            place, flags = (
                self.slot(self.used),
                self.flags(self.used + self.size * self.wrong("C-5 wrong wrap"), used=True) | 2 * bool(written),
            )
            if self.wrong("C-4 flags first"):
                self.write(place + 14, flags, 2)
                self.write(place + 8, written | number << 32, 6)
            elif self.wrong("C-4 flags not after the rest"):
                self.write(place + 8, written | number << 32, 6, wait=False)
                self.now += 1
                self.write(place + 14, flags, 2)
            else:
                self.write(
                    place + 8,
                    written | number << 32 | flags << 48,
                    8,
                    wait=not self.wrong("C-1 wish before the answer"),
                )
            if self.wrong("C-1 wish before the answer"):
                self.now += 1
                self.read(self.layout.driver_area, 4, latency=1)
                self.now += LATENCY
            else:
                self.read(self.layout.driver_area, 4)
            self.used += slots
            if notify:
                self.notify()
        if self.event_idx:
            lap, slot = divmod(self.taken, self.size)
            if not self.wrong("C-17 never armed"):
                self.write(self.layout.device_area, slot | (1 - lap % 2) << 15 | 2 << 16, 4)
            else:
                self.write(self.layout.device_area, 1 << 16, 4)
            if not self.wrong("C-2 no second look"):
                self.read(self.slot(self.taken) + 8, 8)
