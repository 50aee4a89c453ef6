# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""An event in the very cycle of a command, and around it: whichever came first, it is not lost."""

from collections.abc import Callable

import pytest
from cocotbext.virtio.config import NO_VECTOR, used_event
from cocotbext.virtio.model import Mismatch
from cocotbext.virtio.registers import MsiCommand, Register
from cocotbext.virtio.transactions import DeviceReset, MessageAnswered, MessagePresented

from tests.model.bench import READY, Bench

USED_0 = used_event(0)
AROUND = range(-5, 4)  # the event's acceptance, in cycles after that of the command; 2 is the response


def around(bench: Bench, register: int, data: int, offset: int):
    """A write with an event on queue 0 accepted `offset` cycles after it was accepted; then a long time."""
    bench.wait(50)
    start = bench.cycle
    for cycle in range(start - 5, start + 4):
        bench.cycle = cycle
        if cycle == start:
            bench.accept(register, data)
        if cycle == start + offset:
            bench.event(USED_0)
        if cycle == start + 2:
            bench.respond()
    bench.cycle = start + 5


def lost(bench: Bench, look: Callable[[], None] = lambda: None):
    """The model notices that nothing came of the event."""
    with pytest.raises(Mismatch, match="^rule (4|2): "):
        look()
        bench.finish()


@pytest.fixture
def bench():
    """Two queues, three vectors, enabled."""
    return Bench().bring_up()


@pytest.mark.parametrize("offset", AROUND)
@pytest.mark.parametrize("held", [False, True])
def test_mask_then_unmask(bench, offset, held):
    """Lost on its way into the mask: nothing is pending at UNMASK."""
    bench.select(1)
    around(bench, Register.MSI_CMD, MsiCommand.MASK, offset)
    if held:
        bench.command(MsiCommand.UNMASK)
        bench.message(1)
        bench.finish()
    else:
        bench.command(MsiCommand.UNMASK)
        lost(bench)


@pytest.mark.parametrize("offset", AROUND)
def test_mask_pending_bit(bench, offset):
    """Lost on its way into the mask: the pending bit shows it."""
    bench.write(Register.QUEUE_SEL, 0)
    bench.select(1)
    around(bench, Register.MSI_CMD, MsiCommand.MASK, offset)
    bench.wait(20)
    with pytest.raises(Mismatch, match="^choice 3: "):
        bench.read(Register.MSI_VEC_STATE, 0x0001_0005)


@pytest.mark.parametrize("offset", AROUND)
def test_unmask(bench, offset):
    bench.command(MsiCommand.MASK, 1)
    around(bench, Register.MSI_CMD, MsiCommand.UNMASK, offset)
    lost(bench)


@pytest.mark.parametrize("offset", AROUND)
def test_configure(bench, offset):
    bench.stage(1, 0x2000, 5)
    around(bench, Register.MSI_CMD, MsiCommand.CONFIGURE, offset)
    lost(bench)


@pytest.mark.parametrize("offset", AROUND)
def test_first_configure(offset):
    bench = Bench()
    bench.negotiate()
    bench.queue(0)
    bench.command(MsiCommand.ENABLE)
    bench.start()
    bench.stage(1, 0x2000, 5)
    around(bench, Register.MSI_CMD, MsiCommand.CONFIGURE, offset)
    lost(bench)


@pytest.mark.parametrize("offset", AROUND)
@pytest.mark.parametrize("masked", [False, True])
def test_map(offset, masked):
    bench = Bench(msi_sharing=1, num_vectors=4).bring_up()
    if masked:
        bench.command(MsiCommand.MASK, 1)
    bench.write(Register.QUEUE_SEL, 0)
    bench.select(3)
    around(bench, Register.MSI_CMD, MsiCommand.MAP_QUEUE, offset)
    lost(bench)


@pytest.mark.parametrize("offset", AROUND)
def test_map_to_a_masked_vector(offset):
    """Wherever it landed, it pends on the new vector; the old one may have sent it before."""
    bench = Bench(msi_sharing=1, num_vectors=4).bring_up()
    bench.command(MsiCommand.MASK, 1)
    bench.command(MsiCommand.MASK, 3)
    bench.write(Register.QUEUE_SEL, 0)
    around(bench, Register.MSI_CMD, MsiCommand.MAP_QUEUE, offset)
    bench.wait(20)
    with pytest.raises(Mismatch, match="^choice 3: "):
        bench.read(Register.MSI_VEC_STATE, 0x0003_0005)


@pytest.mark.parametrize("offset", AROUND)
def test_map_from_no_vector_may_drop_only_before(offset):
    bench = Bench(msi_sharing=1, num_vectors=4).bring_up()
    bench.map_queue(0, NO_VECTOR)
    bench.select(1)
    around(bench, Register.MSI_CMD, MsiCommand.MAP_QUEUE, offset)
    if offset < 2:
        bench.finish()
    else:
        lost(bench)


@pytest.mark.parametrize("offset", AROUND)
def test_enable(offset):
    bench = Bench().bring_up(enable=False)
    around(bench, Register.MSI_CMD, MsiCommand.ENABLE, offset)
    lost(bench)


@pytest.mark.parametrize("offset", AROUND)
def test_disable(bench, offset):
    around(bench, Register.MSI_CMD, MsiCommand.DISABLE, offset)
    lost(bench, lambda: bench.read(Register.INTERRUPT_STATUS, 0))


@pytest.mark.parametrize("offset", AROUND)
def test_disable_while_masked(bench, offset):
    bench.command(MsiCommand.MASK, 1)
    around(bench, Register.MSI_CMD, MsiCommand.DISABLE, offset)
    lost(bench, lambda: bench.read(Register.INTERRUPT_STATUS, 0))


@pytest.mark.parametrize("offset", AROUND)
def test_acknowledge(offset):
    """From the cycle of acceptance on the event survives (MMIO-53); long before it, it does not."""
    bench = Bench().bring_up(enable=False)
    around(bench, Register.INTERRUPT_ACK, 1, offset)
    if offset >= 0:
        lost(bench, lambda: bench.read(Register.INTERRUPT_STATUS, 0))
    else:
        bench.read(Register.INTERRUPT_STATUS, 0)
        bench.finish()


@pytest.mark.parametrize("offset", AROUND)
def test_reset(bench, offset):
    """Before its end it is wiped; the queue is not ready after it."""
    bench.wait(50)
    start = bench.cycle
    for cycle in range(start - 5, start + 4):
        bench.cycle = cycle
        if cycle == start:
            bench.accept(Register.STATUS, 0)
        if cycle == start + 1:
            bench.model.device_reset(DeviceReset(cycle))
        if cycle == start + offset:
            bench.event(USED_0)
        if cycle == start + 2:
            bench.respond()
    bench.cycle = start + 10
    bench.bring_up()
    with pytest.raises(Mismatch, match="^rule 4: "):
        bench.message(1)


@pytest.mark.parametrize("offset", AROUND)
def test_queue_ready(offset):
    bench = Bench()
    bench.negotiate()
    bench.configure(1, *bench.message_of(1))
    bench.command(MsiCommand.ENABLE)
    bench.write(Register.QUEUE_SEL, 0)
    bench.write(Register.QUEUE_NUM, 8)
    bench.start()
    around(bench, Register.QUEUE_READY, 1, offset)
    if offset < 2:
        bench.finish()
    else:
        lost(bench)


@pytest.mark.parametrize("offset", AROUND)
def test_driver_ok(offset):
    bench = Bench().bring_up(driver_ok=False)
    around(bench, Register.STATUS, READY | 4, offset)
    lost(bench)


@pytest.mark.parametrize("offset", AROUND)
def test_message_in_the_window_may_cover_it(bench, offset):
    """A message presented after the event was accepted is one that follows it; one before is not."""
    bench.event(USED_0)
    start = bench.cycle
    for cycle in range(start, start + 14):
        bench.cycle = cycle
        if cycle == start + 10 + offset:
            bench.event(USED_0)
        if cycle == start + 10:
            bench.model.message_started(cycle, *bench.message_of(1))
            bench.model.message(MessagePresented(cycle, cycle, cycle, *bench.message_of(1)))
        if cycle == start + 11:
            bench.model.answer(MessageAnswered(cycle, 0))
    if offset < 0:
        bench.finish()
    else:
        lost(bench)
