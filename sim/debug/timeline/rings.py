# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What became of every buffer, from the lines of a run log: accesses to memory, used entry, who told of it."""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import accumulate

from cocotbext.virtio.checks.ring_log import traced
from cocotbext.virtio.checks.ring_trace import ENTRY, Given, PackedLife, QueueLife, RingTrace, SplitLife
from cocotbext.virtio.memory_transactions import MemoryRead, MemoryWrite
from cocotbext.virtio.rings.layout import EventFlags, RingFeature

NEVER = 1 << 62
_GRANULE = 256  # bytes; areas are looked up by it


@dataclass
class Rings:
    """The rings of one run. All times are cycles; an index of -1 stands for "none", a cycle of -1 for "never".

    Attributes:
        lives: {"queue", "from", "to", "size", "ring"} of each queue; `ring` is "split" or "packed", with its features.
        chains: {"cycle", "queue", "number", "position", "parts", "tables", "whole", "issued", "visible", "length",
            "row", "notification", "wanted", "why", "accesses"}, by the cycle in which the driver made them available:
            `number` is head or buffer ID, `parts` are [bytes, writable], the used entry was `issued` and surely
            `visible`, `wanted` is "yes", "no", "maybe" or "open"; `why` says in words why no notification told of it;
            `accesses` are indices.
        memory: {"cycle", "answered", "write", "address", "bytes", "kinds", "queues", "chains", "response", "row"}, by
            the cycle in which they were issued. `kinds` is what they touch, what is at their first byte first.
        notifications: {"cycle", "until", "queue", "how", "address", "data", "vector", "chains"}: `how` is "message",
            "line" or "event", `queue` None for any.
        wishes: {"queue", "by", "from", "to", "text", "quiet"}: what "driver" or "device" wants to hear of.
        kicks: {"cycle", "queue", "data"}.
    """

    lives: list[dict] = field(default_factory=list)
    chains: list[dict] = field(default_factory=list)
    memory: list[dict] = field(default_factory=list)
    notifications: list[dict] = field(default_factory=list)
    wishes: list[dict] = field(default_factory=list)
    kicks: list[dict] = field(default_factory=list)


def build_rings(records: list[dict]) -> Rings:
    """The rings of one test; without any, everything is empty."""
    trace = traced(records)
    trace.decode()
    rings = Rings()
    if not trace.lives:
        return rings
    end = max((_last(record) for record in records), default=0) + 1
    rings.notifications = _notifications(records, end)
    areas = _Areas()
    chains: dict[Given, int] = {}
    for life in trace.lives:
        until = end if life.stopped is None else life.stopped
        rings.lives.append(
            {"queue": life.index, "from": life.started, "to": until, "size": life.layout.size, "ring": _kind(life)}
        )
        rings.wishes += _wishes(life, trace, until)
        rings.kicks += [{"cycle": cycle, "queue": life.index, "data": data} for cycle, data in life.kicks]
        areas.of_queue(life)
        for given in life.given:
            areas.of_chain(life, given)
    pairs = [(life, given) for life in trace.lives for given in life.given]
    pairs.sort(key=lambda pair: pair[1].cycle)
    for number, (life, given) in enumerate(pairs):
        chains[given] = number
        rings.chains.append(_chain(life, given))
    for life in trace.lives:
        _tell(life, chains, rings)
    transactions: list[MemoryRead | MemoryWrite] = [*trace.reads, *trace.writes]
    for transaction in sorted(transactions, key=lambda one: one.issued):
        rings.memory.append(_access(transaction, areas, chains))
    for number, access in enumerate(rings.memory):
        for chain in access["chains"]:
            rings.chains[chain]["accesses"].append(number)
    for queue in {chain["queue"] for chain in rings.chains}:
        _stack([chain for chain in rings.chains if chain["queue"] == queue], "visible", end)
    for write in (False, True):
        _stack([access for access in rings.memory if access["write"] == write], "answered", end)
    return rings


def _last(record: dict) -> int:
    return max(record.get("cycle") or 0, record.get("answered") or 0, record.get("responded") or 0)


def _kind(life: QueueLife) -> str:
    names = {RingFeature.EVENT_IDX: life.event_idx, RingFeature.IN_ORDER: life.in_order}
    names[RingFeature.NOTIFICATION_DATA] = life.notification_data
    return " ".join(
        ["packed" if isinstance(life, PackedLife) else "split", *(name.name for name, on in names.items() if on)]
    )


def _stack(items: list[dict], last: str, end: int) -> None:
    """Give each a row in which nothing else is at its time."""
    busy: list[tuple[int, int]] = []  # (free from this cycle on, row)
    free: list[int] = []
    for item in items:
        while busy and busy[0][0] <= item["cycle"]:
            heappush(free, heappop(busy)[1])
        item["row"] = heappop(free) if free else len(busy)
        heappush(busy, ((item[last] if item[last] >= 0 else end) + 1, item["row"]))


# ---------------------------------------------------------------- chains and who told of them


def _chain(life: QueueLife, given: Given) -> dict:
    used = given.used
    answered = None if used is None else used.shown.answered
    return {
        "cycle": given.cycle,
        "queue": life.index,
        "number": given.number,
        "position": given.position,
        "parts": [[part.length, part.writable] for part in given.parts],
        "tables": len(given.tables),
        "whole": given.whole,
        "issued": -1 if used is None else used.shown.issued,
        "visible": -1 if answered is None else answered,
        "length": None if used is None else used.length,
        "notification": -1,
        "wanted": "open",
        "why": "" if used is not None else _unused(life),
        "accesses": [],
    }


def _unused(life: QueueLife) -> str:
    return "not used until the run ended" if life.stopped is None else "not used when its queue ended"


def _notifications(records: list[dict], end: int) -> list[dict]:
    """By cycle. The line tells as long as it is high."""
    falls = sorted(record["cycle"] for record in records if record["kind"] == "LineLevel" and not record["level"])
    found = []
    for record in records:
        if record["kind"] != "Notified":
            continue
        cycle, queue = record["cycle"], record["queue"]
        how = "message" if "address" in record else "line" if queue is None else "event"
        until = next((fall for fall in falls if fall > cycle), end) if how == "line" else cycle + 1
        found.append({"cycle": cycle, "until": until, "queue": queue, "how": how, "chains": []})
        found[-1] |= {name: record.get(name) for name in ("address", "data", "vector")}
    return sorted(found, key=lambda notification: notification["cycle"])


def _tell(life: QueueLife, chains: dict[Given, int], rings: Rings) -> None:
    """Which notification told of each chain of a queue, or why none did: the first one behind its used entry."""
    end = NEVER if life.stopped is None else life.stopped
    told = [
        (number, one)
        for number, one in enumerate(rings.notifications)
        if one["queue"] in (None, life.index) and life.started <= one["cycle"] <= end
    ]
    ends = list(accumulate((one["until"] for _, one in told), max))  # the first above a cycle is that of the first one
    moves = {id(write): index for index, (write, _, _) in enumerate(life.moves)}
    for given in life.given:
        if given.used is None:
            continue
        number = chains[given]
        chain = rings.chains[number]
        visible = chain["visible"]
        behind = bisect_right(ends, visible)
        found = told[behind][0] if visible >= 0 and behind < len(told) else -1
        until = rings.notifications[found]["cycle"] if found >= 0 else NEVER
        chain["wanted"], words = _wanted(life, moves.get(id(given.used.shown)), until)
        if found >= 0:
            chain["notification"] = found
            rings.notifications[found]["chains"].append(number)
        else:
            chain["why"] = words if visible >= 0 else "the write of its used entry was not answered"


def _wanted(life: QueueLife, index: int | None, until: int) -> tuple[str, str]:
    """Whether the driver wished to hear of what became used in the move of that *index*, and that in words.

    What it wished after it was told, in cycle *until*, or after the next move does not count.
    """
    if index is None:
        return "maybe", "its used entry cannot be decoded"
    write, old, new = life.moves[index]
    until = min(until, life.moves[index + 1][0].issued if index + 1 < len(life.moves) else NEVER)
    wishes = [wish for cycle, wish in life.wishes if cycle <= write.issued][-1:]
    wishes += [wish for cycle, wish in life.wishes if write.issued < cycle <= until]
    answers = {life.wanted(wish, old, new) for wish in wishes}
    text = _driver_wish(life, wishes[0])[0] if wishes else ""
    if answers == {True}:
        return "yes", f"the driver wished to hear of it ({text}), and nothing told it"
    if answers == {False}:
        return "no", f"not wanted: {text}"
    return "maybe", f"the driver changed its wish meanwhile; before: {text}"


# ---------------------------------------------------------------- wishes


def _driver_wish(life: QueueLife, value: int) -> tuple[str, bool]:
    """The driver's wish in words, and whether it wants to hear of nothing."""
    return _wish(life, value, "used_event", "NO_INTERRUPT", "every used buffer")


def _device_wish(life: QueueLife, value: int) -> tuple[str, bool]:
    """The same of the device, about kicks."""
    return _wish(life, value, "avail_event", "NO_NOTIFY", "every kick")


def _wish(life: QueueLife, value: int, index: str, nothing: str, everything: str) -> tuple[str, bool]:
    if isinstance(life, PackedLife):
        return _structure(value, life.event_idx)
    if life.event_idx:
        return f"{index} = {value}", False
    return (nothing, True) if value & 1 else (everything, False)


def _structure(value: int, event_idx: bool) -> tuple[str, bool]:
    flags = EventFlags(value >> 16 & 3)
    if flags == EventFlags.DESCRIPTOR and event_idx:
        return f"at slot {value & 0x7FFF}, wrap {value >> 15 & 1}", False
    return str(flags.name), flags == EventFlags.DISABLE


def _wishes(life: QueueLife, trace: RingTrace, until: int) -> list[dict]:
    """Spans of both sides; one that says the same as before goes on."""
    place, size = life.armed
    device = [
        (write.issued, write.value(place, size))
        for write in trace.writes
        if life.started <= write.issued <= until and write.covers(place, size)
    ]
    spans: list[dict] = []
    sides: list[tuple[str, list[tuple[int, int]], Callable[[QueueLife, int], tuple[str, bool]]]]
    sides = [("driver", life.wishes, _driver_wish), ("device", device, _device_wish)]
    for by, changes, words in sides:
        before: dict | None = None
        for cycle, value in changes:
            text, quiet = words(life, value)
            if before and before["text"] == text:
                continue
            if before:
                before["to"] = cycle
            before = {"queue": life.index, "by": by, "from": cycle, "to": until, "text": text, "quiet": quiet}
            spans.append(before)
    return [span for span in spans if span["to"] > span["from"]]


# ---------------------------------------------------------------- memory


@dataclass(frozen=True)
class _Area:
    """Bytes from *first* to before *last* that are *kind* from cycle *since* to *until*; of a queue or of one chain."""

    first: int
    last: int
    kind: str
    queue: int
    since: int
    until: int
    given: Given | None = None


class _Areas:
    """Areas by granule of memory; all are added before the first one is looked for."""

    def __init__(self) -> None:
        self._areas: dict[int, list[_Area]] = {}  # to come, those of today last once :meth:`hit` has sorted them
        self._present: dict[int, list[_Area]] = {}
        self.elements: dict[int, list[Given]] = {}  # id of a write -> what it made used

    def _add(self, area: _Area) -> None:
        for granule in range(area.first // _GRANULE, (area.last - 1) // _GRANULE + 1) if area.last > area.first else ():
            self._areas.setdefault(granule, []).append(area)

    def of_queue(self, life: QueueLife) -> None:
        """What belongs to a queue as a whole."""
        until = NEVER if life.stopped is None else life.stopped
        size, descriptors, driver, device = life.layout
        places = [("wish", *life.wish), ("arming", *life.armed)]
        if isinstance(life, SplitLife):
            places += [("avail.idx", *life.look), ("ring entry", driver + 4, 2 * size)]
            places += [("used.idx", device + 2, 2), ("used element", device + 4, 8 * size)]
        places.append(("descriptor", descriptors, ENTRY * size))
        for kind, first, length in places:
            self._add(_Area(first, first + length, kind, life.index, life.started, until))

    def of_chain(self, life: QueueLife, given: Given) -> None:
        """What belongs to a chain until it is seen used."""
        until = NEVER if life.stopped is None else life.stopped
        if given.used is not None:
            until = given.used.shown.answered or given.used.shown.issued
            for write in {id(one): one for one in (*given.used.elements, given.used.shown)}.values():
                self.elements.setdefault(id(write), []).append(given)
        tables = [range(address, address + length) for address, length in given.tables]
        own = {where for part in given.parts for where in part.descriptors}
        places = [("table", table.start, table.stop) for table in tables]
        places += [("descriptor", where, where + ENTRY) for where in own if not any(where in table for table in tables)]
        if isinstance(life, SplitLife):
            entry = life.entry(given.position)
            places.append(("ring entry", entry, entry + 2))
        for part in given.parts:
            places.append(
                ("writable buffer" if part.writable else "readable buffer", part.address, part.address + part.length)
            )
        for kind, first, last in places:
            self._add(_Area(first, last, kind, life.index, given.cycle, until, given))

    def hit(self, first: int, last: int, cycle: int) -> list[_Area]:
        """What these bytes are in this cycle, which is not before that of the call before."""
        found = {
            id(area): area
            for granule in range(first // _GRANULE, (last - 1) // _GRANULE + 1)
            for area in self._at(granule, cycle)
            if area.first < last and first < area.last
        }
        return list(found.values())

    def _at(self, granule: int, cycle: int) -> list[_Area]:
        coming = self._areas.get(granule)
        if coming is None:
            return []
        if granule not in self._present:
            coming.sort(key=lambda area: -area.since)
        present = self._present.get(granule, [])
        while coming and coming[-1].since <= cycle:
            present.append(coming.pop())
        self._present[granule] = present = [area for area in present if area.until >= cycle]
        return present


_OF_DEVICE = {"arming", "used.idx", "used element", "writable buffer"}  # what a write can be about


def _access(transaction: MemoryRead | MemoryWrite, areas: _Areas, chains: dict[Given, int]) -> dict:
    writes = isinstance(transaction, MemoryWrite)
    runs = (
        [(address, address + len(data)) for address, data in transaction.runs()]
        if isinstance(transaction, MemoryWrite)
        else [(transaction.address, transaction.end)]
    )
    hits = [area for first, last in runs for area in areas.hit(first, last, transaction.issued)]
    start = runs[0][0] if runs else transaction.address
    hits.sort(key=lambda area: (not area.first <= start < area.last, area.first, area.given is None))
    given = [area.given for area in hits if area.given and (area.kind in _OF_DEVICE) == writes]
    kinds = [_name(area.kind, writes) for area in hits if writes or area.kind not in _OF_DEVICE]
    if writes:
        given += areas.elements.get(id(transaction), [])
    return {
        "cycle": transaction.issued,
        "answered": -1 if transaction.answered is None else transaction.answered,
        "write": writes,
        "address": start,
        "bytes": sum(last - first for first, last in runs),
        "kinds": list(dict.fromkeys(kinds)) or ["other"],
        "queues": sorted({area.queue for area in hits}),
        "chains": sorted({chains[one] for one in given}),
        "response": transaction.response,
    }


def _name(kind: str, writes: bool) -> str:
    """A packed ring's descriptor is where its used element is written."""
    return "used element" if writes and kind == "descriptor" else kind
