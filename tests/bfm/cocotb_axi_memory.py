# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The memory behind a copier in RTL: every freedom of the memory, and every rule broken by the copier on purpose."""

import os
import random
from itertools import product
from pathlib import Path

import cocotb
from cocotbext.virtio.bfm.axi_memory import SAMPLINGS, AxiMemory, MemoryTiming
from cocotbext.virtio.clock_reset import ClockReset
from cocotbext.virtio.fast.fast_axi_memory import FastAxiMemory
from cocotbext.virtio.memory_transactions import DECERR, OKAY, SLVERR
from cocotbext.virtio.rings import PlainMemory

# Of both the same is expected; the texts of broken rules among it.
CLASS = {"python": AxiMemory, "native": FastAxiMemory}[os.environ.get("MEMORY", "python")]
BASE, SIZE = 0x4000_0000, 1 << 18
SOURCE, TARGET = BASE, BASE + (SIZE >> 1)


class Bench:
    """The copier, its memory and what was seen."""

    def __init__(self, dut, timing=None, **options):
        self.dut = dut
        self.rng = random.Random(cocotb.RANDOM_SEED)
        self.memory = PlainMemory(BASE, SIZE)
        self.memory.data[:] = self.rng.randbytes(SIZE)
        self.clock = ClockReset(dut.aclk, dut.aresetn)
        self.reports: list[str] = []
        self.axi = CLASS.from_prefix(
            dut,
            "m_axi",
            self.clock,
            self.memory,
            timing=timing,
            rng=self.rng,
            report=lambda cycle, text: self.reports.append(text),
            **options,
        )
        self.reads, self.writes = [], []
        self.axi.on_read(self.reads.append)
        self.axi.on_write(self.writes.append)
        for name in ("start", "source", "target", "bursts", "beats", "size"):
            getattr(dut, name).value = 0
        self.clock.start()

    async def copy(self, bursts, beats, size=None, source=SOURCE, target=TARGET, limit=20000):
        """Copy and wait; returns the cycles it took, None when it does not end."""
        dut, clock = self.dut, self.clock
        size = self.axi.word.bit_length() - 1 if size is None else size
        for name, value in (
            ("source", source),
            ("target", target),
            ("bursts", bursts),
            ("beats", beats - 1),
            ("size", size),
        ):
            getattr(dut, name).value = value
        dut.start.value = 1
        first = clock.cycle
        while int(dut.done.value) != bursts:
            await clock.cycles(20)
            if clock.cycle - first > limit:
                return None
        took, self.errors = clock.cycle - first, int(dut.errors.value)
        dut.start.value = 0
        await clock.cycles(3)
        return took

    def same(self, length, source=SOURCE, target=TARGET):
        """Whether the copy is one."""
        return self.memory.read(source, length) == self.memory.read(target, length)


@cocotb.test(timeout_time=20, timeout_unit="ms")
async def copies(dut):
    """Every timing copies the same bytes; transactions say what happened."""
    bench = Bench(dut)
    await bench.clock.reset()
    word = bench.axi.word
    for number in range(int(os.environ.get("ROUNDS", "25"))):
        bench.memory.data[:] = bench.rng.randbytes(SIZE)
        bench.axi.timing = MemoryTiming.drawn(bench.rng) if number else MemoryTiming()
        bench.reads.clear()
        bench.writes.clear()
        size = bench.rng.choice((word.bit_length() - 1, word.bit_length() - 1, 0, 1))
        beats, bursts = bench.rng.randint(1, 16), bench.rng.randint(1, 12)
        start = bench.rng.randrange(0, 64) << size
        start &= ~((beats << size) - 1) if (beats << size) & ((beats << size) - 1) == 0 else -1
        length = bursts * beats << size
        crosses = any(
            (start + index * (beats << size)) // 4096 != (start + (index + 1) * (beats << size) - 1) // 4096
            for index in range(bursts)
        )
        assert await bench.copy(bursts, beats, size, SOURCE + start, TARGET + start), bench.axi.timing
        assert bench.errors == 0
        assert bench.same(length, SOURCE + start, TARGET + start), bench.axi.timing
        assert bool(bench.reports) == crosses, bench.reports
        bench.reports.clear()
        assert (
            sum(read.length for read in bench.reads)
            == length
            == sum(write.strobes.bit_count() for write in bench.writes)
        )
        for read in bench.reads:
            assert read.issued <= read.accepted < read.answered == read.beats_answered[-1]
            place = read.address - SOURCE
            assert read.data == bench.memory.data[place : place + read.length]
        for write in bench.writes:
            assert write.issued <= write.accepted < write.answered
            for address, data in write.runs():
                assert bench.memory.read(address, len(data)) == data
        assert bench.axi.outstanding == 0 and bench.axi.left_over() is None


@cocotb.test(timeout_time=5, timeout_unit="ms")
async def latency_is_what_was_asked(dut):
    """L cycles from an address to the first beat, and from the last data to B."""
    bench = Bench(dut)
    await bench.clock.reset()
    for latency in (1, 2, 7, 40, 300):
        bench.axi.timing = MemoryTiming(read_latency=(latency, latency), write_latency=(latency, latency))
        bench.reads.clear()
        bench.writes.clear()
        assert await bench.copy(1, 4)
        (read,), (write,) = bench.reads, bench.writes
        assert read.beats_answered[0] - read.accepted == latency
        assert read.beats_answered == list(range(read.beats_answered[0], read.answered + 1))
        assert write.answered - write.accepted == latency


@cocotb.test(timeout_time=5, timeout_unit="ms")
async def one_beat_a_cycle(dut):
    """With four bursts in flight, an unstalled bus carries a beat of data in nearly every cycle."""
    bench = Bench(dut)
    await bench.clock.reset()
    took = await bench.copy(64, 16)
    assert took < 64 * 16 * 1.35, took


@cocotb.test(timeout_time=5, timeout_unit="ms")
async def keeps_nothing(dut):
    """What the process takes does not grow with the cycles: 20 bytes for each would be 5 GB in a night."""
    bench = Bench(dut)
    await bench.clock.reset()
    await bench.copy(64, 16)
    taken, first = _resident(), bench.clock.cycle
    bench.reads.clear()
    bench.writes.clear()
    for _ in range(20):
        await bench.copy(64, 16)
        bench.reads.clear()
        bench.writes.clear()
    grown = _resident() - taken
    assert grown < 20 * (bench.clock.cycle - first), f"{grown} bytes in {bench.clock.cycle - first} cycles"


def _resident() -> int:
    """Bytes of this process that are in memory."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


@cocotb.test(timeout_time=5, timeout_unit="ms")
async def answers_overtake_one_another(dut):
    """Between IDs, when that is allowed, and only then; never in one ID."""
    bench = Bench(dut)
    await bench.clock.reset()
    for reorder in (False, True):
        bench.axi.timing = MemoryTiming(read_latency=(1, 60), write_latency=(1, 60), reorder=reorder)
        for seen in (bench.reads, bench.writes):
            seen.clear()
        assert await bench.copy(40, 2)
        for seen in (bench.reads, bench.writes):
            issued = [transaction.accepted for transaction in seen]
            assert (issued != sorted(issued)) == reorder
            for number in range(4):
                of_one = [transaction.accepted for transaction in seen if transaction.id == number]
                assert of_one == sorted(of_one)
        assert bench.same(40 * 2 * bench.axi.word)


@cocotb.test(timeout_time=5, timeout_unit="ms")
async def errors(dut):
    """By range, by chance, and where there is no memory: answered, counted, without effect."""
    bench = Bench(dut)
    await bench.clock.reset()
    word = bench.axi.word
    before = bytes(bench.memory.data)
    bench.axi.fail_range(TARGET + 3 * word, 1, DECERR, reads=False)
    assert await bench.copy(4, 2)
    assert bench.errors == 1
    assert [write.response for write in bench.writes].count(DECERR) == 1
    burst = slice(TARGET - BASE + 2 * word, TARGET - BASE + 4 * word)
    assert bench.memory.data[burst] == before[burst]
    bench.axi.clear_errors()
    bench.axi.fail_range(SOURCE, 2 * word, SLVERR, writes=False)
    assert await bench.copy(4, 2)
    assert bench.errors == 2  # both beats of one burst
    bench.axi.clear_errors()
    assert await bench.copy(1, 2, source=BASE - 0x1000)
    assert bench.errors == 2
    bench.axi.timing = MemoryTiming(beat_error_chance=1.0)
    assert await bench.copy(1, 2)
    assert bench.errors == 2 and bench.writes[-1].response == OKAY  # writes have no beats of their own
    bench.axi.timing = MemoryTiming(error_chance=0.5)
    assert await bench.copy(30, 1)
    assert 10 < bench.errors < 50
    bench.axi.timing = MemoryTiming(error_chance=1.0)
    assert await bench.copy(3, 1)
    assert bench.errors == 6
    assert not bench.reports


@cocotb.test(timeout_time=5, timeout_unit="ms")
async def beats_fail_alone(dut):
    """An error is answered to the beats that it is about; all others have OKAY and their data, with each sampling."""
    bench = Bench(dut)
    await bench.clock.reset()
    word = bench.axi.word
    for sampling in SAMPLINGS:
        for size, r_valid in ((word, 1.0), (word, 0.7), (word // 2, 1.0)):
            for place, length in ((0, 1), (size + 1, size - 1), (3 * size - 1, 1), (3 * size - 1, 2), (0, 4 * size)):
                bench.axi.timing = MemoryTiming(read_latency=(1, 20), r_valid=r_valid, sampling=sampling)
                bench.axi.clear_errors()
                bench.axi.fail_range(SOURCE + place, length, DECERR, writes=False)
                bench.reads.clear()
                assert await bench.copy(2, 4, size=size.bit_length() - 1)
                hit = [place < size * (beat + 1) and size * beat < place + length for beat in range(4)]
                first, second = sorted(bench.reads, key=lambda read: read.address)
                assert first.responses == [DECERR if one else OKAY for one in hit]
                assert first.response == DECERR and len(first.data) == first.length == 4 * size
                assert (second.response, second.responses) == (OKAY, [OKAY] * 4)
                assert bench.errors == sum(hit)
                for beat, failed in enumerate(hit):
                    at, lane = SOURCE + size * beat, slice(size * beat, size * (beat + 1))
                    assert (first.data[lane] == bench.memory.read(at, size)) != failed
                    assert first.okay(at, size) != failed
                    target = bench.memory.read(TARGET + size * beat, size)  # the copier copies what it is given
                    assert target == first.data[lane]
    assert not bench.reports


@cocotb.test(timeout_time=5, timeout_unit="ms")
async def memory_ends_in_a_burst(dut):
    """Beats where there is no memory are answered DECERR, those beside them are read."""
    bench = Bench(dut)
    await bench.clock.reset()
    word = bench.axi.word
    for sampling in SAMPLINGS:
        bench.axi.timing = MemoryTiming(sampling=sampling)
        bench.reads.clear()
        assert await bench.copy(1, 4, source=BASE - 2 * word, target=BASE + 4096 - 2 * word - 4 * word)
        (read,) = bench.reads
        assert read.responses == [DECERR, DECERR, OKAY, OKAY]
        assert read.data[2 * word :] == bench.memory.read(BASE, 2 * word)
        assert bench.errors == 2
    assert all("crosses a 4 KB boundary" in report for report in bench.reports)


@cocotb.test(timeout_time=5, timeout_unit="ms")
async def beats_fail_by_chance(dut):
    """Each beat draws by itself: bursts with some errors are most of them, and both codes come."""
    bench = Bench(dut)
    await bench.clock.reset()
    bench.axi.timing = MemoryTiming(beat_error_chance=0.4)
    assert await bench.copy(30, 8)
    codes = [code for read in bench.reads for code in read.responses]
    assert sum(code != OKAY for code in codes) == bench.errors and 60 < bench.errors < 130
    assert set(codes) == {OKAY, SLVERR, DECERR}
    assert sum(len(set(read.responses)) > 1 for read in bench.reads) > 20
    assert all(read.response == max(read.responses) for read in bench.reads)
    assert all(write.response == OKAY for write in bench.writes)
    bench.reads.clear()
    bench.axi.timing = MemoryTiming(error_chance=0.4)
    assert await bench.copy(30, 8)
    assert all(len(set(read.responses)) == 1 for read in bench.reads)


@cocotb.test(timeout_time=5, timeout_unit="ms")
async def a_write_is_seen_late(dut):
    """Nobody sees a write before its B; with "accepted" it is seen at once; torn, the first half may come last."""
    bench = Bench(dut)
    await bench.clock.reset()
    word = bench.axi.word
    length = 8 * word
    for visibility in ("answer", "accepted", "torn"):
        states = set()
        for number in range(12):
            bench.memory.write(TARGET, bytes(length))
            bench.memory.write(SOURCE, bytes([number + 1]) * length)
            bench.axi.timing = MemoryTiming(write_latency=(60, 60), visibility=visibility)
            bench.writes.clear()
            bench.dut.start.value = 0
            copying = cocotb.start_soon(bench.copy(1, 8))
            while not bench.writes:
                await bench.clock.cycles(1)
                seen = bench.memory.read(TARGET, length)
                states.add(tuple(seen[beat * word] != 0 for beat in range(8)))
                accepted = bench.axi._answers or bench.axi._b_now
                if visibility == "answer" and any(seen):
                    assert bench.axi._b_now or bench.writes
                elif visibility == "accepted" and accepted:
                    assert all(seen)
            assert all(bench.memory.read(TARGET, length))
            await copying
        partial = [state for state in states if any(state) and not all(state)]
        assert bool(partial) == (visibility == "torn")
        if partial:
            assert any(state[-1] and not state[0] for state in partial)
    assert not bench.reports


@cocotb.test(timeout_time=5, timeout_unit="ms")
async def observers_differ(dut):
    """A torn write may be in memory while the master's own reads still get the old bytes, and the other way round."""
    bench = Bench(dut)
    await bench.clock.reset()
    axi, word = bench.axi, bench.axi.word
    found = set()
    for number in range(30):
        bench.memory.write(TARGET, bytes(word))
        bench.memory.write(SOURCE, bytes([number + 1]) * word)
        axi.timing = MemoryTiming(write_latency=(60, 60), visibility="torn")
        bench.writes.clear()
        copying = cocotb.start_soon(bench.copy(1, 1))
        while not bench.writes:
            await bench.clock.cycles(1)
            driver = any(bench.memory.read(TARGET, word))
            master = any(axi._look(TARGET, word))
            found.add((driver, master))
        await copying
        assert any(axi._look(TARGET, word)) and not axi._overlays
    assert found == {(False, False), (True, False), (False, True), (True, True)}


async def write_word(bench, address, data):
    """Write one word; the answer is not waited for."""
    pins = {
        "awaddr": address,
        "awsize": bench.axi.word.bit_length() - 1,
        "wdata": int.from_bytes(data, "little"),
        "wstrb": (1 << bench.axi.word) - 1,
        "wlast": 1,
        "awvalid": 1,
        "wvalid": 1,
    }
    for name, value in pins.items():
        getattr(bench.dut, f"m_axi_{name}").value = value
    waits = ["aw", "w"]
    while waits:
        await bench.clock.cycles(1)
        for channel in list(waits):
            if int(getattr(bench.dut, f"m_axi_{channel}ready").value):
                getattr(bench.dut, f"m_axi_{channel}valid").value = 0
                waits.remove(channel)


@cocotb.test(timeout_time=5, timeout_unit="ms")
async def no_write_overtakes(dut):
    """Two writes of one ID at one place are seen in their order, whatever the timing is changed to between them."""
    for name in ("awid", "awlen", "awvalid", "wvalid", "arvalid"):
        getattr(dut, f"m_axi_{name}").value = 0
    for name in ("awburst", "bready", "rready"):
        getattr(dut, f"m_axi_{name}").value = 1
    bench = Bench(dut)
    await bench.clock.reset()
    axi, word = bench.axi, bench.axi.word
    old, first, second = (bytes([value]) * word for value in range(3))
    for visibilities in product(("answer", "accepted", "torn"), repeat=2):
        for _ in range(8):
            bench.memory.write(TARGET, old)
            seen = [old]
            for visibility, data, latency in zip(visibilities, (first, second), (40, 1)):
                axi.timing = MemoryTiming(write_latency=(latency, latency), visibility=visibility)
                await write_word(bench, TARGET, data)
                await bench.clock.cycles(2)  # the memory has taken it
            while axi.outstanding:
                seen.append(bytes(bench.memory.read(TARGET, word)))
                await bench.clock.cycles(1)
            assert bench.memory.read(TARGET, word) == second, f"{visibilities}: the second write is not there"
            assert seen == sorted(seen), f"{visibilities}: seen in another order"
    assert not bench.reports


@cocotb.test(timeout_time=5, timeout_unit="ms")
async def stops_in_reset(dut):
    """aresetn in the middle: nothing is valid, nothing is left, and the next copy is right."""
    bench = Bench(dut)
    await bench.clock.reset()
    for number in range(10):
        bench.axi.timing = MemoryTiming(read_latency=(1, 20), write_latency=(1, 20), visibility="torn", sampling="torn")
        copying = cocotb.start_soon(bench.copy(200, 4))
        await bench.clock.cycles(40 + 13 * number)
        assert bench.axi.outstanding
        copying.cancel()
        dut.start.value = 0
        await bench.clock.reset()
        assert bench.axi.outstanding == 0 and not int(dut.m_axi_rvalid.value) and not int(dut.m_axi_bvalid.value)
        assert await bench.copy(4, 4)
        assert bench.same(16 * bench.axi.word)
    assert not bench.reports


@cocotb.test(timeout_time=5, timeout_unit="ms")
async def fault(dut):
    """The broken rule is found, in every timing that can show it, and the bench goes on."""
    expected = os.environ["EXPECTED"]
    bench = Bench(dut, MemoryTiming(ar_ready=0.3, aw_ready=0.3, w_ready=0.3), answer_limit=100)
    await bench.clock.reset()
    word = bench.axi.word.bit_length() - 1
    ended = await bench.copy(8, 4, size=word - 1, limit=1000)
    if expected == "hang":
        bench.axi.timing = MemoryTiming(ready_after_valid=True)
        ended = await bench.copy(8, 4, limit=1000) if ended else None
        assert ended is None and not bench.reports
    else:
        assert bench.reports and expected in bench.reports[0], (expected, bench.reports[:3])


@cocotb.test(timeout_time=5, timeout_unit="ms")
async def limits(dut):
    """More transactions, longer bursts than agreed, and bursts over a 4 KB boundary."""
    bench = Bench(dut, MemoryTiming(read_latency=(40, 40), write_latency=(90, 90)), reads=3, writes=1, max_beats=4)
    await bench.clock.reset()
    word = bench.axi.word
    assert await bench.copy(8, 5)
    for text in (
        "burst of 5 beats",
        "_ar: 4 transactions outstanding, 3 at most",
        "_aw: 2 transactions outstanding, 1 at most",
    ):
        assert any(text in report for report in bench.reports), (text, bench.reports)
    bench.reports.clear()
    bench.axi.rules._max_beats, bench.axi.rules._limits = 256, {"ar": None, "aw": None}
    assert await bench.copy(1, 4, source=SOURCE + 4096 - 2 * word, target=TARGET + 4096 - 3 * word - word)
    assert len(bench.reports) == 1 and "crosses a 4 KB boundary" in bench.reports[0], bench.reports
