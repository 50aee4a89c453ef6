# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Reset by Status and by aresetn, in the middle of everything."""

import cocotb
from cocotbext.virtio.bfm.axil_registers import Access
from cocotbext.virtio.config import EVENT_CONFIG, used_event
from cocotbext.virtio.registers import MsiCommand, Register, StatusBit
from cocotbext.virtio.transactions import DeviceReset

from tb.tests.support.covers import covers
from tb.tests.support.directed import CONFIG, MSI, TIMEOUT, USED, WORKING, started, working

QUEUES = CONFIG.num_queues
WORKED = WORKING | StatusBit.DRIVER_OK
EVENTS = range(min(QUEUES, 8) + 1)


def count_resets(bench) -> list[int]:
    """Cycles of device_reset, filled as they come."""
    cycles = []

    def note(transaction):
        if isinstance(transaction, DeviceReset):
            cycles.append(transaction.cycle)

    bench.interface.state_monitor.add_callback(note)
    return cycles


def submit_reset(bench) -> Access:
    """Start writing Status = 0."""
    return bench.interface.registers.submit(Access(True, Register.STATUS, 0))


async def still_waits(bench, reset: Access, cycles: int = 40) -> None:
    """The reset does not finish; meanwhile Status reads its old value, and the device sees 0."""
    await bench.cycles(cycles)
    assert not reset.finished, "answered before it was done"
    assert await bench.read(Register.STATUS) & WORKED == WORKED, "Status reads 0 before the reset is done"
    assert bench.interface.device_state.device_status == 0


@cocotb.test(**TIMEOUT)
@covers("MMIO-11", "MMIO-12", "MMIO-13", "rule 11")
async def device_that_is_busy(dut):
    """device_idle low: the answer waits, Status keeps its old value; device_reset pulses once, at the beginning."""
    bench = await working(dut)
    resets = count_resets(bench)
    for wait in (0, 1, 2, 3, 5, 17, 60):
        await bench.bring_up()
        before = len(resets)
        bench.interface.device_state.idle = False
        reset = submit_reset(bench)
        await still_waits(bench, reset)
        await bench.cycles(wait)
        bench.interface.device_state.idle = True
        await reset.wait()
        assert await bench.read(Register.STATUS) == 0
        assert len(resets) == before + 1, "device_reset must pulse once"
        assert resets[-1] - reset.accepted <= 4
    await bench.finish("device resets")


@cocotb.test(**TIMEOUT)
@covers("MMIO-13")
async def device_that_becomes_busy(dut):
    """A device that lowers device_idle in one of the three cycles after device_reset is waited for, too."""
    bench = await working(dut)
    for late in (0, 1, 2):
        await bench.bring_up()
        reset = submit_reset(bench)
        while not int(dut.device_reset.value):
            await bench.cycles(1)
        await bench.cycles(late)
        bench.interface.device_state.idle = False
        await still_waits(bench, reset)
        bench.interface.device_state.idle = True
        await reset.wait()
        assert await bench.read(Register.STATUS) == 0
    await bench.finish("device resets")


@cocotb.test(**TIMEOUT)
@covers("MMIO-12", "MMIO-13")
async def answered_once_the_device_is_idle(dut):
    """From device_idle to the answer it takes the same few cycles, whenever the device becomes idle."""
    bench = await working(dut)
    delays = set()
    for wait in range(40, 48):
        await bench.bring_up()
        bench.interface.device_state.idle = False
        reset = submit_reset(bench)
        await bench.cycles(wait)
        bench.interface.device_state.idle = True
        idle = bench.interface.clock.cycle
        await reset.wait()
        delays.add(reset.completed - idle)
    assert len(delays) == 1 and max(delays) <= 6, f"{sorted(delays)} cycles"
    await bench.finish("device resets")


@cocotb.test(**TIMEOUT)
@covers("rule 11", "MMIO-12")
async def events_during_a_reset(dut):
    """Accepted and dropped while Status = 0 waits: the next driver, who does not reset again, finds nothing of them."""
    bench = await working(dut)
    for wait in (8, 9, 17):
        await bench.bring_up()
        bench.interface.device_state.idle = False
        reset = submit_reset(bench)
        await bench.cycles(wait)
        await bench.events(*EVENTS, EVENT_CONFIG)
        bench.interface.device_state.idle = True
        await reset.wait()
        await bench.accept_features()
        await bench.enable_queue(0)
        await bench.driver_ok()
        await bench.expect_line(0)
        if MSI:
            await bench.configure(0, *bench.message_of(0))
            await bench.command(MsiCommand.ENABLE)
            await bench.expect_messages()
    await bench.finish("device resets", "events")


@cocotb.test(skip=not MSI, **TIMEOUT)
@cocotb.parametrize(stuck=["address", "data", "both", "responses"])
@covers("rule 11", "MMIO-12", "MSI-38", "L9")
async def messages_in_flight(dut, stuck):
    """A message that waits on the bus completes first, and its answer is waited for; nothing follows it."""
    bench = await working(dut)
    target = bench.interface.msi_sink
    target.hold(address=stuck in ("address", "both"), data=stuck in ("data", "both"), responses=stuck == "responses")
    await bench.events(*EVENTS)
    await bench.cycles(12)
    presented = len(bench.messages) + (0 if stuck == "responses" else 1)
    reset = submit_reset(bench)
    await still_waits(bench, reset)
    await bench.events(*EVENTS)  # accepted and dropped
    await still_waits(bench, reset)
    target.release()
    await reset.wait()
    assert len(bench.messages) == presented
    assert bench.interface.msi_sink.idle, "answered before the message bus had drained"
    assert await bench.read(Register.STATUS) == 0
    await bench.new_messages()
    await bench.bring_up()
    await bench.expect_messages()
    await bench.event(used_event(0))
    await bench.expect_messages(1)
    await bench.finish("messages", "device resets")


@cocotb.test(**TIMEOUT)
@covers("MMIO-12", "MMIO-13")
async def accesses_behind_the_reset(dut):
    """Stock Linux does not read back: what it writes right behind Status = 0 waits its turn and counts."""
    bench = await working(dut)
    bench.interface.device_state.idle = False
    reset = submit_reset(bench)
    behind = [
        bench.interface.registers.submit(Access(True, register, value))
        for register, value in (
            (Register.STATUS, StatusBit.ACKNOWLEDGE),
            (Register.QUEUE_SEL, QUEUES - 1),
            (Register.QUEUE_NUM, 1),
            (Register.QUEUE_READY, 1),
        )
    ]
    await bench.cycles(30)
    assert not reset.finished and not any(access.finished for access in behind)
    bench.interface.device_state.idle = True
    for access in (reset, *behind):
        await access.wait()
    assert await bench.read(Register.STATUS) == StatusBit.ACKNOWLEDGE
    assert await bench.read(Register.QUEUE_READY) == 1
    assert (await bench.interface.queue_table.row(QUEUES - 1)).num == 1
    await bench.finish("device resets")


@cocotb.test(**TIMEOUT)
@covers("MMIO-14", "MMIO-15", "MMIO-30", "rule 11")
async def another_life(dut):
    """Three lives with different features, queues and interrupts: none knows of the one before."""
    bench = await started(dut)
    for life in range(3):
        features = CONFIG.offered_features if life != 1 else 1 << 32
        assert await bench.negotiate(features) == WORKING
        assert bench.interface.device_state.driver_features == features
        for queue in range(QUEUES):
            assert not (await bench.interface.queue_table.row(queue)).ready
        await bench.enable_queue(0)
        await bench.driver_ok()
        await bench.events(EVENT_CONFIG, used_event(0))
        await bench.expect_line(3)
        if QUEUES > 1:
            await bench.acknowledge()
            await bench.event(used_event(1))  # not ready in this life
            await bench.expect_line(0)
    await bench.finish("device resets", "line changes")


@cocotb.test(skip=not MSI, **TIMEOUT)
@covers("rule 11", "rule 9")
async def reset_while_enable_converts(dut):
    """Status = 0 follows ENABLE by every number of cycles until the conversion is over: nothing of it is left."""
    bench = await working(dut)
    for distance in range(0, QUEUES + 10, 1 + QUEUES // 16):
        await bench.command(MsiCommand.DISABLE)
        await bench.events(EVENT_CONFIG, used_event(0))
        await bench.settle()
        registers = bench.interface.registers
        registers.submit(Access(True, Register.MSI_CMD, MsiCommand.ENABLE))
        reset = registers.submit(Access(True, Register.STATUS, 0, 0xF, distance, distance))
        await reset.wait()
        assert all(message.presented <= reset.completed for message in bench.messages)
        assert await bench.read(Register.STATUS) == 0
        await bench.new_messages()
        await bench.negotiate()
        await bench.enable_queue(0)
        await bench.driver_ok()
        await bench.expect_line(0)
        await bench.command(MsiCommand.ENABLE)
        await bench.expect_messages()
    await bench.finish("device resets")


async def _is_fresh(bench, dut) -> None:
    """After aresetn: silence at every port, and a bring-up that finds nothing of before."""
    for name in (
        "s_axil_bvalid",
        "s_axil_rvalid",
        "m_axil_awvalid",
        "m_axil_wvalid",
        "notify_valid",
        "irq",
        "device_reset",
        "msi_error_valid",
        "config_en",
    ):
        assert int(getattr(dut, name).value) == 0, f"{name} is high after aresetn"
    seen, kicked = len(bench.messages), len(bench.kicks)
    await bench.cycles(QUEUES + 30)
    assert len(bench.messages) == seen and len(bench.kicks) == kicked
    assert bench.interface.write_monitor.response.current is None and bench.interface.read_monitor.data.current is None
    assert await bench.read(Register.STATUS) == 0
    assert await bench.interrupt_status() == 0
    for queue in (0, QUEUES - 1):
        assert not (await bench.interface.queue_table.row(queue)).ready
    await bench.new_messages()


@cocotb.test(skip=not MSI, **TIMEOUT)
@cocotb.parametrize(stuck=[False, True])
@covers("rule 11", "MMIO-12", "MMIO-14")
async def aresetn_in_mid_transaction(dut, stuck):
    """aresetn falls in any cycle of writes, reads, events, kicks and messages under way, and clears everything at
    once."""
    bench = await working(dut)
    interface = bench.interface
    for offset in range(18):
        if stuck:
            interface.msi_sink.hold()
            interface.kick_sink.hold()
        await bench.events(*EVENTS)
        for register, value in (
            (Register.QUEUE_NOTIFY, 0),
            (Register.MSI_VEC_SEL, 1),
            (Register.MSI_CMD, MsiCommand.MASK),
            (Register.QUEUE_NOTIFY, QUEUES - 1),
            (Register.MSI_CMD, MsiCommand.MAP_QUEUE),
            (Register.INTERRUPT_ACK, 1),
            (Register.STATUS, 0),
        ):
            interface.registers.submit(Access(True, register, value, 0xF, offset % 3, offset % 2))
            interface.registers.submit(Access(False, register))
        for index in EVENTS:
            interface.event_source.submit(index, 0)
        await bench.cycles(offset)
        await interface.clock.reset(cycles=1 + offset % 3)
        interface.msi_sink.release()
        interface.kick_sink.release()
        await _is_fresh(bench, dut)
        await bench.bring_up(reset=False)
        await bench.expect_messages()
        await bench.events(used_event(0), EVENT_CONFIG)
        await bench.expect_messages(1, 0)
    await bench.finish("messages")


@cocotb.test(skip=not MSI, **TIMEOUT)
@covers("rule 11", "MMIO-12", "MMIO-14")
async def aresetn_in_mid_command(dut):
    """One cycle of aresetn in any cycle of an MSI command: nothing of it happens afterwards, and the next write is
    not held up by it."""
    bench = await working(dut)
    registers, delays = bench.interface.registers, set()
    for command in (
        MsiCommand.MAP_QUEUE,
        MsiCommand.MAP_CONFIG,
        MsiCommand.CONFIGURE,
        MsiCommand.MASK,
        MsiCommand.DISABLE,
    ):
        for offset in range(1, 9):
            await bench.mask(1)
            await bench.events(used_event(0), EVENT_CONFIG)
            await bench.write(Register.QUEUE_SEL, 0)
            await bench.write(Register.MSI_VEC_SEL, 1 if command != MsiCommand.MAP_CONFIG else 0)
            await bench.settle()
            registers.submit(Access(True, Register.MSI_CMD, command))
            await bench.cycles(offset)
            await bench.interface.clock.reset(cycles=1)
            first = Access(True, Register.STATUS, StatusBit.ACKNOWLEDGE)
            await registers.burst([first])
            delays.add(first.completed - first.accepted)
            await bench.accept_features()  # no reset: what is left would show
            for vector in (0, 1):
                assert not await bench.vector_state(vector), f"{command.name}, aresetn after {offset} cycles"
            assert await bench.mapping(0) == (0xFFFF if CONFIG.msi_sharing else 1)
            await bench.new_messages()
            await bench.bring_up(reset=False)
            await bench.expect_messages()
            await bench.event(used_event(0))
            await bench.expect_messages(1)
    assert len(delays) == 1, f"the first write is answered after {sorted(delays)} cycles"
    await bench.finish("messages")


@cocotb.test(**TIMEOUT)
@covers("rule 11", "MMIO-12")
async def aresetn_behind_a_queue_word(dut):
    """aresetn in any cycle of a write of QueueNum, of an address or of a QueueReady that is refused: the queue has
    neither afterwards,
    and the device needs no reset."""
    bench = await started(dut)
    registers = bench.interface.registers
    for register in (Register.QUEUE_NUM, Register.QUEUE_DESC_LOW, Register.QUEUE_DEVICE_HIGH, Register.QUEUE_READY):
        for offset in range(1, 9):
            await bench.accept_features()
            await bench.write(Register.QUEUE_SEL, 0)
            registers.submit(Access(True, register, 1))
            await bench.cycles(offset)
            await bench.interface.clock.reset(cycles=1)
            await bench.cycles(QUEUES + 30)
            assert tuple(await bench.interface.queue_table.row(0)) == (0,) * 5, (
                f"{register.name}, aresetn after {offset} cycles"
            )
            assert await bench.read(Register.STATUS) == 0, f"{register.name}, aresetn after {offset} cycles"
            await bench.accept_features()
            await bench.write(Register.QUEUE_READY, 1)
            assert await bench.read(Register.QUEUE_READY) == 0, (
                f"{register.name}, aresetn after {offset} cycles: the queue has a size"
            )
            await bench.negotiate()
            await bench.interface.clock.reset()
    await bench.finish("register writes")


@cocotb.test(**TIMEOUT)
@covers("rule 11")
async def nothing_is_accepted_in_a_reset(dut):
    """While aresetn is low no address, no data and no event is taken: it would be lost."""
    bench = await working(dut)
    bench.interface.clock.reset_n.value = 0
    await bench.cycles(2)
    for _ in range(4):
        await bench.cycles(1)
        for name in ("s_axil_awready", "s_axil_wready", "s_axil_arready", "event_ready"):
            assert int(getattr(dut, name).value) == 0, f"{name} is high while aresetn is low"
    await bench.interface.clock.reset()
    await _is_fresh(bench, dut)
    await bench.finish()


@cocotb.test(**TIMEOUT)
@covers("rule 11", "MMIO-14")
async def aresetn_with_the_line_up(dut):
    """The line falls with the edge that samples aresetn low, and events of before are gone."""
    bench = await working(dut, msi=False)
    await bench.events(EVENT_CONFIG, used_event(0))
    await bench.expect_line(3)
    bench.interface.clock.reset_n.value = 0
    await bench.cycles(2)
    assert int(dut.irq.value) == 0
    await bench.interface.clock.reset()
    await _is_fresh(bench, dut)
    await bench.bring_up(msi=False, reset=False)
    await bench.expect_line(0)
    await bench.event(used_event(0))
    await bench.expect_line(USED)
    await bench.finish("line changes")


@cocotb.test(**TIMEOUT)
@covers("MMIO-12", "MMIO-13")
async def aresetn_during_a_reset(dut):
    """aresetn while Status = 0 waits for the device: it waits no longer."""
    bench = await working(dut)
    bench.interface.device_state.idle = False
    submit_reset(bench)
    await bench.cycles(20)
    await bench.interface.clock.reset()
    assert await bench.read(Register.STATUS) == 0
    await bench.write(Register.STATUS, StatusBit.ACKNOWLEDGE)
    assert await bench.read(Register.STATUS) == StatusBit.ACKNOWLEDGE
    bench.interface.device_state.idle = True
    await bench.finish("register reads")


@cocotb.test(**TIMEOUT)
@covers("rule 11", "rule 12", "MMIO-14", "MSI-39")
async def first_cycles_after_aresetn(dut):
    """Everything is cleared at once: from the first cycle on no queue is ready, to the device's eyes and to its
    events."""
    bench = await started(dut)
    interface = bench.interface
    queues = sorted({0, QUEUES // 2, QUEUES - 1})
    for offset in range(12):
        queue = queues[offset % len(queues)]
        await bench.bring_up(msi=False)
        await bench.settle()
        interface.clock.reset_n.value = 0
        dut.queue_index.value = queue
        await bench.cycles(1 + offset % 3)
        interface.clock.reset_n.value = 1
        await bench.cycles(1)  # the endpoint has sampled aresetn high from the next edge on
        for index in (used_event(QUEUES - 1), used_event(queue)):
            interface.event_source.submit(index, offset)
        for _ in range(16):
            await bench.cycles(1)
            assert not int(dut.queue_ready.value), f"queue {queue} is ready after aresetn"
        await bench.settle()
        await bench.accept_features()  # no reset: what is left would show
        await bench.enable_queue(0)
        await bench.driver_ok()
        await bench.expect_line(0)
    await bench.finish("events", "register reads")


@cocotb.test(**TIMEOUT)
@covers("rule 11", "MMIO-12", "MMIO-14")
async def first_cycles_after_a_reset(dut):
    """When Status = 0 is answered it is done: no queue is ready, and the next accesses find everything cleared."""
    bench = await started(dut)
    registers = bench.interface.registers
    for queue in sorted({0, QUEUES // 2, QUEUES - 1}):
        await bench.bring_up()
        await bench.settle()
        reset = submit_reset(bench)
        await registers.burst(
            [Access(True, Register.QUEUE_SEL, queue), Access(True, Register.STATUS, StatusBit.ACKNOWLEDGE)]
        )
        assert await bench.read(Register.QUEUE_READY) == 0
        assert not (await bench.interface.queue_table.row(queue)).ready
        assert reset.finished
        await bench.events(used_event(queue), used_event(QUEUES - 1))
        await bench.new_messages()
        await bench.accept_features()  # no reset: what is left would show
        await bench.enable_queue(0)
        await bench.driver_ok()
        await bench.expect_line(0)
    await bench.finish("register reads")
