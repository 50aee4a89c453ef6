# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What the device classes owe their drivers."""

from cocotbext.virtio.conformance.bench import Bench, NotCheckable
from cocotbext.virtio.conformance.guest import Guest
from cocotbext.virtio.conformance.registry import check
from cocotbext.virtio.conformance.workload import (
    FLUSH,
    GET_ID,
    IN,
    IOERR,
    NET_HEADER,
    OK,
    OUT,
    SECTOR,
    UNSUPP,
    Request,
    Workload,
    started,
)
from cocotbext.virtio.devices import ConsoleDevice, NetDevice


async def _ask(bench: Bench, guest: Guest, work: Workload, request: Request, parts: int | None = None) -> bytes | None:
    """One request; its writable bytes, None when it is not used."""
    buffer = work.post(request, parts)
    await guest.kick(work.queue)
    found = await work.collect()
    await guest.acknowledge()
    if not bench.expect(bool(found), f"{request.name}: the buffer is not used"):
        return None
    return buffer.received()


@check("A disk gives back what was written to it", "MUST", "5.2.6", "DEV-3 DEV-14", "rings", "blk")
async def disk_keeps_data(bench: Bench) -> None:
    guest, work = await started(bench)
    if work.read_only:
        raise NotCheckable("the disk is read-only")
    last = min(work.capacity, 1 << 20) - 1
    for sector in dict.fromkeys((0, 1, last, last // 2)):
        await _ask(bench, guest, work, work.blk_write(sector, work.rng.randbytes(SECTOR)))
    for sector in dict.fromkeys((last, 0, last // 2, 1)):
        await _ask(bench, guest, work, work.blk_read(sector, 1))


@check("A request beyond the disk's end is IOERR and changes nothing", "MUST", "5.2.6", "DEV-4 DEV-5", "rings", "blk")
async def disk_end(bench: Bench) -> None:
    guest, work = await started(bench)
    for kind, sector in (
        (IN, work.capacity),
        (OUT, work.capacity),
        (IN, (1 << 64) - 1),
        (IN, 1 << 55),
        (OUT, (1 << 63) + 1),
    ):
        data = work.rng.randbytes(SECTOR) if kind == OUT else b""
        await _ask(bench, guest, work, work.blk(kind, sector, data, 0 if kind == OUT else SECTOR, IOERR))
    for sector in range(min(2, work.capacity)):
        await _ask(bench, guest, work, work.blk_read(sector, 1))


@check("A request of unknown type is UNSUPP", "MUST", "5.2.6", "DEV-5", "rings", "blk")
async def disk_unknown_request(bench: Bench) -> None:
    guest, work = await started(bench)
    for kind in (0x77, 0x1_0000, 0xFFFF_FFFF):
        await _ask(bench, guest, work, work.blk(kind, 0, b"", 0, UNSUPP))
    await work.run(2, what="after requests of unknown type")


@check("A flush succeeds where it is offered", "MUST", "5.2.6.2", "DEV-7 DEV-10", "rings", "blk")
async def disk_flush(bench: Bench) -> None:
    guest, work = await started(bench, 9)
    await _ask(bench, guest, work, work.blk(FLUSH, 0))


@check("GET_ID returns at most 20 bytes, or UNSUPP", "MUST", "5.2.6", "DEV-3", "rings", "blk")
async def disk_name(bench: Bench) -> None:
    guest, work = await started(bench)
    request = work.blk(GET_ID, 0, b"", 20, None, "GET_ID")
    content = await _ask(bench, guest, work, request)
    if content is not None:
        bench.expect(content[-1] in (OK, UNSUPP), f"GET_ID: status {content[-1]}")
        if content[-1] == OK:
            name = content[:20].split(b"\0")[0]
            bench.expect(all(32 <= character < 127 for character in name), f"GET_ID: {content[:20]!r} is not text")


@check("A read-only disk refuses writes", "MUST", "5.2.6.2", "DEV-6", "rings", "blk")
async def disk_read_only(bench: Bench) -> None:
    guest, work = await started(bench)
    if not work.read_only:
        raise NotCheckable("RO is not offered")
    before = await _ask(bench, guest, work, work.blk_read(0, 1))
    await _ask(bench, guest, work, work.blk(OUT, 0, work.rng.randbytes(SECTOR), 0, IOERR))
    after = await _ask(bench, guest, work, work.blk_read(0, 1))
    bench.expect(before == after, "a read-only disk changed")


@check(
    "Entropy: each buffer gets at least a byte, and others than before",
    "MUST",
    "5.4.6.2",
    "DEV-1 DEV-2",
    "rings",
    "rng",
)
async def entropy(bench: Bench) -> None:
    guest, work = await started(bench)
    seen = []
    for size in (1, 4, 16, 33, 64, 64):

        def judge(written: int, content: bytes, size: int = size) -> list[str]:
            return [] if 1 <= written <= size else [f"used length {written} of {size} bytes"]

        content = await _ask(bench, guest, work, Request(b"", size, judge, f"entropy request of {size} bytes"))
        if content is not None and size >= 16:
            bench.expect(len(set(content)) > 1, f"all of {size} random bytes are {content[0]:#x}")
            bench.expect(content[:16] not in seen, "the same 16 random bytes again")
            seen.append(content[:16])


@check("Console output is taken, with used length 0", "MUST", "5.3.6", "DEV-21", "rings", "console")
async def console_output(bench: Bench) -> None:
    guest, work = await started(bench)
    await work.run(8, 2, what="console output")
    function = bench.python.function if bench.has("change") else None
    if isinstance(function, ConsoleDevice):
        bench.expect(bool(function.output), "nothing was printed")


@check("Console output flows while nobody reads the input", "SHOULD", "5.3.6", "DEV-22", "rings", "console")
async def console_output_without_input(bench: Bench) -> None:
    """No MUST: the text keeps the two queues apart, and says nothing of one that waits for the other."""
    guest, work = await started(bench)
    guest.queues[0].add(writable=[64])
    await guest.kick(0)
    # Much output, for a device with a terminal that echoes has room for some input.
    await work.run(32, 4, what="console output beside a posted input buffer")


@check("emerg_wr may be written at any time", "MUST", "5.3.5.1", "DEV-23", "", "console")
async def console_emergency(bench: Bench) -> None:
    guest = Guest(bench)
    await guest.begin()
    if not guest.offers(2):
        raise NotCheckable("EMERG_WRITE is not offered")
    before = await bench.read(0x070)
    for character in b"panic":
        await bench.write(0x108, character)
    status = await bench.read(0x070)
    bench.expect(status == before, f"Status was {before:#x}, after writes to emerg_wr {status:#x}")
    function = bench.python.function if bench.has("change") else None
    if isinstance(function, ConsoleDevice):
        printed = bytes(function.output)
        bench.expect(printed == b"panic", f"writes of b'panic' to emerg_wr print {printed!r}")


@check("Frames are sent, with used length 0", "MUST", "5.1.6", "DEV-30 DEV-33", "rings", "net")
async def net_transmit(bench: Bench) -> None:
    guest, work = await started(bench)
    if not await work.run(16, 2, what="frames"):
        return
    # Flags and offsets in the header mean nothing without offloads.
    header = bytes([0xFE, 0]) + work.rng.randbytes(NET_HEADER - 4) + bytes(2)

    def judge(written: int, content: bytes) -> list[str]:
        return [f"used length {written}"] if written else []

    await _ask(
        bench, guest, work, Request(header + work.rng.randbytes(60), 0, judge, "frame with unknown header flags")
    )


@check("The header may be a part of its own, or lie with the frame", "MUST", "5.1.6", "DEV-30 SPLIT-2", "rings", "net")
async def net_header_cut(bench: Bench) -> None:
    guest, work = await started(bench)
    for parts in (1, 2, 3):
        if not await work.run(2, parts=parts, what=f"a frame in {parts} parts"):
            return


@check(
    "Received frames have a header with num_buffers 1, and no flags", "MUST", "5.1.6.4", "DEV-31 DEV-32", "rings", "net"
)
async def net_receive(bench: Bench) -> None:
    guest, work = await started(bench)
    for _ in range(3):
        guest.queues[0].add(writable=[1526])
    await guest.kick(0)
    function = bench.python.function if bench.has("change") else None
    if isinstance(function, NetDevice):
        for _ in range(3):
            function.receive(work.rng.randbytes(60))
    else:
        await work.run(3)  # a device in loopback returns them
    got = await guest.wait_used(0, 1, bench.quiet * 2)
    if not got:
        raise NotCheckable("no frame arrives: nobody is at the other end")
    for buffer in got:
        content = buffer.received(buffer.written)
        bench.expect(len(content) >= NET_HEADER, f"a received frame has {len(content)} bytes, less than its header")
        bench.expect(
            content[0] == 0 and content[1] == 0,
            f"flags {content[0]:#x}, gso_type {content[1]:#x}, and no offload was accepted",
        )
        bench.expect(content[10:12] == b"\1\0", f"num_buffers is {int.from_bytes(content[10:12], 'little')}, not 1")
