# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Messages: the registers of the 2020 proposal, and what is sent."""

from cocotbext.virtio.conformance.bench import MESSAGE_DATA, Bench, Blocked, NotCheckable
from cocotbext.virtio.conformance.guest import BASIC, MMIO_MSI, Guest
from cocotbext.virtio.conformance.registry import check
from cocotbext.virtio.conformance.workload import Workload
from cocotbext.virtio.registers import MSI_NO_VECTOR, MsiCommand, Register

ADDRESS, DATA = 0xFEE0_1000, MESSAGE_DATA
ENABLED = 1 | 1 << 31  # the two places where texts have it
SHARING = 2 | 1 << 30


class Messages:
    """MSI as a driver uses it. Vector v is sent to ADDRESS + 16 v with DATA + v."""

    def __init__(self, bench: Bench) -> None:
        self.bench, self.guest = bench, Guest(bench)
        self.count, self.sharing = 0, False

    async def command(self, vector: int, command: MsiCommand) -> None:
        """MsiVecSel, then MsiCmd."""
        await self.bench.write(Register.MSI_VEC_SEL, vector)
        await self.bench.write(Register.MSI_CMD, command)

    async def configure(self, vector: int, address: int | None = None, data: int | None = None) -> None:
        """Give a vector its address and data."""
        bench = self.bench
        address = ADDRESS + 16 * vector if address is None else address
        await bench.write(Register.MSI_VEC_SEL, vector)
        await bench.write(Register.MSI_ADDR_LOW, address)
        await bench.write(Register.MSI_ADDR_HIGH, address >> 32)
        await bench.write(Register.MSI_DATA, DATA + vector if data is None else data)
        await bench.write(Register.MSI_CMD, MsiCommand.CONFIGURE)

    async def negotiate(self) -> None:
        """Accept the feature and learn what there is.

        Raises:
            NotCheckable: it is not offered. Blocked: there is no vector.
        """
        await self.guest.negotiate(MMIO_MSI)
        self.count = await self.bench.read(Register.MSI_VEC_NUM)
        self.sharing = bool(await self.bench.read(Register.MSI_STATE) & SHARING)
        if not self.count:
            raise Blocked("MsiVecNum reads 0")

    async def bring_up(self, work: Workload) -> None:
        """A driver with messages on, all vectors configured, each queue on its own one where there are enough."""
        await self.negotiate()
        for vector in range(min(self.count, 16)):
            await self.configure(vector)
        await self.bench.write(Register.MSI_CMD, MsiCommand.ENABLE)
        if self.sharing:
            await self.command(0, MsiCommand.MAP_CONFIG)
        await self.guest.all_queues()
        if self.sharing:
            for queue in self.guest.queues:
                await self.bench.write(Register.QUEUE_SEL, queue)
                await self.command(self.vector(queue), MsiCommand.MAP_QUEUE)
        await self.guest.driver_ok()
        await work.prepare()
        await self.bench.clock.cycles(50)

    def vector(self, queue: int) -> int:
        """The vector of a queue."""
        return min(queue + 1, self.count - 1) if self.sharing else queue + 1

    async def one(self, work: Workload) -> None:
        """A used buffer.

        Raises:
            Blocked: there is none.
        """
        work.post(work.request(512))
        await self.guest.kick(work.queue)
        if not await work.collect():
            raise Blocked("a buffer is not used")

    async def sent(self, since: int, limit: int | None = None) -> list[tuple[int, int, int]]:
        """Messages after the first *since* of them; waits for one."""
        messages = self.bench.messages.messages
        await self.bench.until(lambda: len(messages) > since, limit, 2)
        return messages[since:]


async def _started(bench: Bench) -> tuple[Messages, Workload]:
    msi = Messages(bench)
    work = Workload(msi.guest)
    await msi.bring_up(work)
    before = len(bench.messages.messages)
    await msi.one(work)
    if not await msi.sent(before):
        raise Blocked("a used buffer sends no message")
    return msi, work


@check("MsiVecNum counts the vectors, and is enough for a driver", "MUST", "P5", "MSI-1 MSI-2 MSI-3", "m_axil")
async def msi_vector_count(bench: Bench) -> None:
    msi = Messages(bench)
    await msi.guest.negotiate(MMIO_MSI)
    count = await bench.read(Register.MSI_VEC_NUM)
    sharing = bool(await bench.read(Register.MSI_STATE) & SHARING)
    await msi.guest.all_queues()
    queues = len(msi.guest.queues)
    least = 2 if sharing else queues + 1
    bench.expect(
        least <= count < 1 << 16,
        f"MsiVecNum reads {count}; {queues} queues {'with' if sharing else 'without'} sharing need {least}",
    )


@check(
    "ENABLE and DISABLE show in MsiState, and a reset clears it; the sharing bit is constant",
    "MUST",
    "P4",
    "MSI-4 MSI-6 MSI-10 MSI-16",
    "m_axil",
)
async def msi_enable(bench: Bench) -> None:
    msi = Messages(bench)
    await msi.negotiate()
    for command, wanted in (
        (MsiCommand.ENABLE, True),
        (MsiCommand.ENABLE, True),
        (MsiCommand.DISABLE, False),
        (MsiCommand.DISABLE, False),
        (MsiCommand.ENABLE, True),
    ):
        await bench.write(Register.MSI_CMD, command)
        state = await bench.read(Register.MSI_STATE)
        bench.expect(bool(state & ENABLED) == wanted, f"MsiState reads {state:#x} after {command.name}")
        bench.expect(
            bool(state & SHARING) == msi.sharing, f"MsiState reads {state:#x} after {command.name}: sharing changed"
        )
    await msi.guest.reset()
    await msi.negotiate()
    state = await bench.read(Register.MSI_STATE)
    bench.expect(not state & ENABLED, f"MsiState reads {state:#x} after a reset")


@check("The MSI registers are not there before the feature is accepted", "SHOULD", "P4", "MSI-7", "m_axil")
async def msi_needs_its_feature(bench: Bench) -> None:
    guest = Guest(bench)
    await guest.begin()
    if not guest.offers(MMIO_MSI):
        raise NotCheckable("MMIO_MSI is not offered")
    await bench.write(Register.MSI_CMD, MsiCommand.ENABLE)
    state = await bench.read(Register.MSI_STATE)
    bench.expect(not state & ENABLED, f"MsiState reads {state:#x} after ENABLE before FEATURES_OK")
    await guest.begin()
    await guest.accept(sum(1 << bit for bit in BASIC if guest.offers(bit)))
    await bench.write(Register.MSI_CMD, MsiCommand.ENABLE)
    state = await bench.read(Register.MSI_STATE)
    bench.expect(not state & ENABLED, f"MsiState reads {state:#x} after ENABLE without the feature")


@check("A used buffer sends the message of its queue's vector", "MUST", "P4", "MSI-23 MSI-27 MSI-32", "m_axil rings")
async def msi_used_buffer(bench: Bench) -> None:
    msi = Messages(bench)
    work = Workload(msi.guest)
    await msi.bring_up(work)
    vector = msi.vector(work.queue)
    for _ in range(6):
        since = len(bench.messages.messages)
        await msi.one(work)
        sent = await msi.sent(since)
        if not bench.expect(bool(sent), f"no message within {bench.patience} cycles after a used buffer"):
            return
        await bench.clock.cycles(100)
        sent = bench.messages.messages[since:]
        bench.expect(len(sent) == 1, f"{len(sent)} messages for one used buffer")
        for _, address, data in sent:
            right = (ADDRESS + 16 * vector, DATA + vector)
            bench.expect(
                (address, data) == right,
                f"message {data:#x} to {address:#x}; vector {vector} is {right[1]:#x} to {right[0]:#x}",
            )


@check(
    "With messages on, the line stays low and InterruptStatus 0",
    "MUST",
    "P4",
    "MSI-11 MSI-12 MSI-13",
    "m_axil rings irq",
)
async def msi_keeps_the_line_low(bench: Bench) -> None:
    msi, work = await _started(bench)
    rises = len(bench.line.rises)
    for _ in range(4):
        await msi.one(work)
        await bench.clock.cycles(60)
        pending = await msi.guest.interrupt_status()
        bench.expect(pending == 0, f"InterruptStatus reads {pending:#x} while messages are on")
        await msi.guest.acknowledge()
    bench.expect(len(bench.line.rises) == rises and not bench.line.level, "irq rises while messages are on")


@check(
    "No message is sent while messages are off, and the line tells", "MUST", "P4", "MSI-14 MSI-15", "m_axil rings irq"
)
async def msi_off(bench: Bench) -> None:
    msi, work = await _started(bench)
    await bench.write(Register.MSI_CMD, MsiCommand.DISABLE)
    await bench.clock.cycles(60)
    await msi.guest.acknowledge()
    since = len(bench.messages.messages)
    await msi.one(work)
    bench.expect(await bench.until(lambda: bench.line.level == 1), "irq does not rise for a used buffer after DISABLE")
    bench.expect(len(bench.messages.messages) == since, "a message is sent after DISABLE")
    await msi.guest.acknowledge()
    await bench.write(Register.MSI_CMD, MsiCommand.ENABLE)
    await bench.clock.cycles(60)
    since = len(bench.messages.messages)
    await msi.one(work)
    bench.expect(bool(await msi.sent(since)), "no message for a used buffer after DISABLE and ENABLE")


@check(
    "MASK holds messages back, and UNMASK sends one for all",
    "MUST",
    "P4",
    "MSI-30 MSI-31 MSI-33 MSI-34",
    "m_axil rings",
)
async def msi_mask(bench: Bench) -> None:
    msi, work = await _started(bench)
    vector = msi.vector(work.queue)
    await bench.clock.cycles(60)
    await msi.command(vector, MsiCommand.MASK)
    since = len(bench.messages.messages)
    for _ in range(3):
        await msi.one(work)
    await bench.clock.cycles(bench.quiet)
    bench.expect(len(bench.messages.messages) == since, "a message of a masked vector is sent")
    since = len(bench.messages.messages)
    await msi.command(vector, MsiCommand.UNMASK)
    bench.expect(bool(await msi.sent(since)), "events of a masked vector are lost: UNMASK sends nothing")
    await bench.clock.cycles(200)
    bench.expect(
        len(bench.messages.messages) - since <= 1, f"UNMASK sends {len(bench.messages.messages) - since} messages"
    )
    since = len(bench.messages.messages)
    await msi.command(vector, MsiCommand.MASK)
    await msi.command(vector, MsiCommand.UNMASK)
    await bench.clock.cycles(bench.quiet)
    bench.expect(len(bench.messages.messages) == since, "UNMASK without an event sends a message")


@check("CONFIGURE takes address and data together, at any time", "MUST", "P4", "MSI-17 MSI-18", "m_axil rings")
async def msi_configure(bench: Bench) -> None:
    msi, work = await _started(bench)
    vector = msi.vector(work.queue)
    for turn in range(4):
        address, data = ADDRESS + 0x1000 * (turn + 1), 0x5000 + turn
        await msi.configure(vector, address, data)
        since = len(bench.messages.messages)
        await msi.one(work)
        sent = await msi.sent(since)
        bench.expect(bool(sent), "no message after CONFIGURE")
        for _, got, value in sent:
            bench.expect(
                (got, value) == (address, data),
                f"message {value:#x} to {got:#x} after CONFIGURE with {data:#x}, {address:#x}",
            )


@check("A vector that does not exist hits no other one", "MUST", "P4", "MSI-36", "m_axil rings")
async def msi_no_such_vector(bench: Bench) -> None:
    msi, work = await _started(bench)
    await bench.clock.cycles(60)
    for vector in (msi.count, msi.count + 1, 0x1_0000, 0x8000_0000 | msi.vector(work.queue), MSI_NO_VECTOR):
        await msi.configure(vector, 0xDEAD_0000, 0xDEAD)
        await msi.command(vector, MsiCommand.MASK)
    since = len(bench.messages.messages)
    await msi.one(work)
    sent = await msi.sent(since)
    bench.expect(bool(sent), "no message after commands for vectors that do not exist")
    for _, address, data in sent:
        bench.expect(
            data == DATA + msi.vector(work.queue),
            f"message {data:#x} to {address:#x}: a vector that does not exist was configured",
        )


@check("A reset forgets messages, and none is sent after it", "MUST", "2.4.1", "MSI-38 MMIO-12", "m_axil rings")
async def msi_reset(bench: Bench) -> None:
    msi, work = await _started(bench)
    await bench.clock.cycles(60)
    await msi.command(msi.vector(work.queue), MsiCommand.MASK)
    await msi.one(work)
    await bench.clock.cycles(100)  # the buffer is used; its event is a few cycles later
    await msi.guest.reset()
    since = len(bench.messages.messages)
    await bench.clock.cycles(bench.quiet)
    await msi.bring_up(work)
    await msi.command(msi.vector(work.queue), MsiCommand.UNMASK)
    await bench.clock.cycles(bench.quiet)
    bench.expect(len(bench.messages.messages) == since, "a message from before a reset is sent after it")


@check("A queue without vector sends nothing", "MUST", "P4", "MSI-21 MSI-29", "m_axil rings irq")
async def msi_no_vector(bench: Bench) -> None:
    msi, work = await _started(bench)
    await bench.clock.cycles(60)
    await bench.write(Register.QUEUE_SEL, work.queue)
    await msi.command(MSI_NO_VECTOR, MsiCommand.MAP_QUEUE)
    since, rises = len(bench.messages.messages), len(bench.line.rises)
    await msi.one(work)
    await bench.clock.cycles(bench.quiet)
    if not msi.sharing and len(bench.messages.messages) > since:
        raise NotCheckable("a device without sharing may ignore MAP_QUEUE")
    bench.expect(len(bench.messages.messages) == since, "a message of a queue mapped to NO_VECTOR is sent")
    bench.expect(len(bench.line.rises) == rises, "irq rises for a queue mapped to NO_VECTOR")


@check("A used buffer is visible before its message", "MUST", "C.4-20", "MSI-27 MMIO-55", "m_axil rings")
async def msi_after_used_index(bench: Bench) -> None:
    msi, work = await _started(bench)
    queue = msi.guest.queues[work.queue]
    await bench.clock.cycles(100)
    for _ in range(6):
        place = queue.layout.device_area + 2
        before = bench.ram.read(place, 2)
        early: list[int] = []

        def look(
            cycle: int, address: int, data: int, before: bytes = before, place: int = place, early: list[int] = early
        ) -> None:
            if bench.ram.read(place, 2) == before:
                early.append(cycle)

        bench.messages.callbacks.append(look)
        since = len(bench.messages.messages)
        await msi.one(work)
        await msi.sent(since)
        await bench.clock.cycles(100)
        bench.messages.callbacks.remove(look)
        bench.expect(
            not early, "a message is sent while the used index still has its old value", early[0] if early else None
        )


@check("A slow message bus loses nothing", "MUST", "P4", "MSI-27", "m_axil rings")
async def msi_slow_bus(bench: Bench) -> None:
    msi, work = await _started(bench)
    bench.messages.ready, bench.messages.latency = 0.1, 60
    for _ in range(8):
        since = len(bench.messages.messages)
        await msi.one(work)
        if not bench.expect(bool(await msi.sent(since)), "no message after a used buffer, on a slow bus"):
            return
        await bench.until(lambda: bench.messages.idle)


async def _tells(bench: Bench, msi: Messages, work: Workload, vector: int, when: str) -> bool:
    """Whether a used buffer sends the message of *vector* and no other; noted otherwise."""
    since = len(bench.messages.messages)
    await msi.one(work)
    if not bench.expect(bool(await msi.sent(since)), f"no message after a used buffer, {when}"):
        return False
    await bench.clock.cycles(60)
    wrong = {data for _, _, data in bench.messages.messages[since:]} - {DATA + vector}
    return bench.expect(not wrong, f"message {min(wrong, default=0):#x}, not that of vector {vector}, {when}")


async def _silent(bench: Bench, msi: Messages, work: Workload, when: str) -> None:
    """A used buffer sends no message."""
    since = len(bench.messages.messages)
    await msi.one(work)
    await bench.clock.cycles(bench.quiet)
    bench.expect(len(bench.messages.messages) == since, f"a message is sent, {when}")


@check("CONFIGURE with address 0 stops a vector, until it gets an address", "MUST", "P4", "MSI-19", "m_axil rings")
async def msi_without_address(bench: Bench) -> None:
    msi, work = await _started(bench)
    vector = msi.vector(work.queue)
    await bench.clock.cycles(60)
    await msi.configure(vector, 0)
    await _silent(bench, msi, work, f"although vector {vector} was configured with address 0")
    await msi.configure(vector)
    await bench.clock.cycles(60)
    await _tells(bench, msi, work, vector, "after it was configured with address 0 and with an address again")


@check("MASK of a vector leaves the others alone", "MUST", "P4", "MSI-35", "m_axil rings")
async def msi_mask_of_others(bench: Bench) -> None:
    msi, work = await _started(bench)
    own = msi.vector(work.queue)
    others = [vector for vector in range(min(msi.count, 16)) if vector != own]
    if not others:
        raise NotCheckable("there is one vector only")
    for vector in others:
        await msi.command(vector, MsiCommand.MASK)
    await _tells(bench, msi, work, own, "while the other vectors are masked")
    for vector in others:
        await msi.command(vector, MsiCommand.UNMASK)
    await _tells(bench, msi, work, own, "after the other vectors were masked and unmasked")


@check(
    "Unknown commands and writes of read-only registers change nothing", "SHOULD", "P4", "MSI-8 MSI-9", "m_axil rings"
)
async def msi_unknown_commands(bench: Bench) -> None:
    msi, work = await _started(bench)
    own = msi.vector(work.queue)
    await bench.write(Register.MSI_VEC_SEL, own)
    for command in (
        8,
        0x10 | MsiCommand.DISABLE,
        0x100 | MsiCommand.MASK,
        0x8000_0000 | MsiCommand.DISABLE,
        0xFFFF_FFFF,
    ):
        await bench.write(Register.MSI_CMD, command)
    for register in (Register.MSI_VEC_NUM, Register.MSI_STATE, Register.MSI_VEC_STATE):
        before = await bench.read(register)
        await bench.write(register, ~before)
        after = await bench.read(register)
        bench.expect(after == before, f"{register.name} was {before:#x}, after a write to it {after:#x}")
    await bench.read(Register.MSI_CMD)
    await _tells(bench, msi, work, own, "after commands that do not exist")


async def _shared(bench: Bench) -> tuple[Messages, Workload]:
    """As _started(), for a device whose events may be mapped."""
    msi, work = await _started(bench)
    if not msi.sharing:
        raise NotCheckable("the device has no sharing")
    await bench.clock.cycles(60)
    return msi, work


@check(
    "With sharing, MAP_QUEUE maps a queue to any vector, before and after QueueReady",
    "MUST",
    "P4",
    "MSI-20 MSI-22 MSI-26",
    "m_axil rings",
)
async def msi_map(bench: Bench) -> None:
    msi, work = await _shared(bench)
    for vector in [*range(min(msi.count, 4)), msi.vector(work.queue)]:
        await bench.write(Register.QUEUE_SEL, work.queue)
        await msi.command(vector, MsiCommand.MAP_QUEUE)
        if not await _tells(bench, msi, work, vector, f"with its queue mapped to vector {vector}"):
            return
    await msi.negotiate()
    for vector in range(min(msi.count, 16)):
        await msi.configure(vector)
    await bench.write(Register.MSI_CMD, MsiCommand.ENABLE)
    await bench.write(Register.QUEUE_SEL, work.queue)
    await msi.command(0, MsiCommand.MAP_QUEUE)
    await msi.guest.all_queues()
    await msi.guest.driver_ok()
    await work.prepare()
    await bench.clock.cycles(50)
    await _tells(bench, msi, work, 0, "with its queue mapped to vector 0 before QueueReady")


@check("With sharing, nothing is mapped after a reset", "MUST", "P4", "MSI-25", "m_axil rings")
async def msi_maps_nothing(bench: Bench) -> None:
    msi, work = await _shared(bench)
    await msi.negotiate()
    for vector in range(min(msi.count, 16)):
        await msi.configure(vector)
    await bench.write(Register.MSI_CMD, MsiCommand.ENABLE)
    await msi.guest.all_queues()
    await msi.guest.driver_ok()
    await work.prepare()
    await bench.clock.cycles(50)
    await _silent(bench, msi, work, "of a queue that was mapped before a reset only")


@check("MAP_QUEUE of a queue that does not exist changes nothing", "SHOULD", "P4", "MSI-37", "m_axil rings")
async def msi_map_of_no_queue(bench: Bench) -> None:
    msi, work = await _shared(bench)
    own = msi.vector(work.queue)
    for queue in (1000, 0xFFFF, 0x1_0000 | work.queue):
        await bench.write(Register.QUEUE_SEL, queue)
        await msi.command(MSI_NO_VECTOR, MsiCommand.MAP_QUEUE)
    await _tells(bench, msi, work, own, "after queues that do not exist were mapped to none")


@check(
    "Without sharing, MAP_QUEUE maps no queue to the vector of another event", "MUST", "P4", "MSI-24", "m_axil rings"
)
async def msi_fixed_vectors(bench: Bench) -> None:
    msi, work = await _started(bench)
    if msi.sharing:
        raise NotCheckable("the device has sharing")
    own = msi.vector(work.queue)
    await bench.clock.cycles(60)
    await bench.write(Register.QUEUE_SEL, work.queue)
    for vector in range(min(msi.count, 4)):
        if vector != own:
            await msi.command(vector, MsiCommand.MAP_QUEUE)
    await _tells(bench, msi, work, own, "after MAP_QUEUE to other vectors on a device without sharing")


@check("A changed configuration sends the message of its vector, and no other", "MUST", "P4", "MSI-28", "m_axil change")
async def msi_configuration_change(bench: Bench) -> None:
    if not hasattr(bench.dut, "config_generation"):
        raise NotCheckable("the device has no config_generation port")
    msi = Messages(bench)
    await msi.bring_up(Workload(msi.guest))
    for turn in range(3):
        since = len(bench.messages.messages)
        bench.python.function.change_configuration(0, bytes([turn + 1]) if bench.python.function.configuration else b"")
        if not bench.expect(bool(await msi.sent(since)), "no message for a changed configuration"):
            return
        await bench.clock.cycles(60)
        got = [data for _, _, data in bench.messages.messages[since:]]
        bench.expect(
            got == [DATA], f"messages {', '.join(map(hex, got))} for a changed configuration, not one of {DATA:#x}"
        )
