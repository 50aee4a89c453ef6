# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Target of the message bus, played by tb/cocotbext/virtio/fast/harness/message_responder.v."""

import random
from collections import deque

from cocotbext.virtio.bfm.msi_sink import MsiSinkTiming, TakenMessages
from cocotbext.virtio.clock_reset import ClockReset
from cocotbext.virtio.fast.fast_ready import FastReady
from cocotbext.virtio.fast.kinds import Kind
from cocotbext.virtio.fast.record_ports import at_start
from cocotbext.virtio.fast.record_stream import RecordStream
from cocotbext.virtio.fast.serve import Later, serve
from cocotbext.virtio.handles import Dut
from cocotbext.virtio.randomness import Rng, fork

_REMEMBERED = 64  # more than are presented and not taken


class FastMsiSink(TakenMessages):
    """What MsiSink is to a bus whose signals are driven from Python: the same answers in the same cycles.

    While every message is answered OKAY at once, Python has nothing to do; otherwise it is asked for every answer.
    After :meth:`know` or :meth:`wait_for`, it hears of each message in its own cycle.

    Args:
        dut: the harness.
        stream: the RecordStream.
        clock: the bench's clock.
        timing: behaviour; change it with :meth:`behave`.
        rng: source of randomness.
    """

    def __init__(
        self,
        dut: Dut,
        stream: RecordStream,
        clock: ClockReset,
        timing: MsiSinkTiming = MsiSinkTiming(),
        rng: Rng = random,
    ) -> None:
        super().__init__()
        self.timing = self._timing = timing  # wanted, and in force
        self._change = Later(self._apply)
        self._stream = stream
        self._rng = rng
        self._address_ready = FastReady(dut, clock, "awready", timing.awready, fork(rng))
        self._data_ready = FastReady(dut, clock, "wready", timing.wready, fork(rng))
        self._busy, self._paired, self._control = dut.fast_answer_busy, dut.fast_paired, dut.fast_answer_control
        self._given, self._list = dut.fast_answer_given, dut.fast_answer_list
        self._held = False
        self._high = self._shown = self._word = 0  # upper half of addresses; address and data last presented
        self._served = self._first = at_start(self._paired)  # messages that are answered for
        self._addresses: deque[int] = deque()  # of the last messages presented, from number `_first` on
        self._given.value = self._served & 0xFF
        stream.on(Kind.MESSAGE_HIGH, self._upper)
        stream.on(Kind.MESSAGE_AW, self._lower)
        stream.on(Kind.MESSAGE_W, self._word_shown)
        stream.on(Kind.MESSAGE_TAKEN, self._taken_later)
        stream.on(Kind.HARD_RESET, lambda cycle, payload: self._forget_halves())
        clock.on_reset(self._abort)
        self._apply()
        serve(clock, dut.fast_answer_want, self._answer)

    @property
    def idle(self) -> bool:
        """True when every message taken has been answered."""
        return not int(self._busy.value)

    def behave(self, timing: MsiSinkTiming) -> None:
        """Change the behaviour from the next cycle on."""
        self.timing = timing
        self._address_ready.probability = timing.awready
        self._data_ready.probability = timing.wready
        self._change.ask()

    def hold(self, address: bool = True, data: bool = True, responses: bool = True) -> None:
        """Get stuck: take nothing on the named channels until :meth:`release`; see MsiSink."""
        if address:
            self._address_ready.hold()
        if data:
            self._data_ready.hold()
        self._held |= responses
        self._change.ask()

    def release(self) -> None:
        """Undo :meth:`hold`."""
        self._address_ready.release()
        self._data_ready.release()
        self._held = False
        self._change.ask()

    def _apply(self) -> None:
        if self._timing.plain:
            self._catch_up(at_start(self._paired))
        self._timing = self.timing
        self._control.value = self._held << 1 | self._timing.plain

    def _upper(self, cycle: int, payload: int) -> None:
        self._high = payload << 32

    def _lower(self, cycle: int, payload: int) -> None:
        self._shown = self._high | payload & 0xFFFFFFFF
        self._addresses.append(self._shown)
        if len(self._addresses) > _REMEMBERED:
            self._addresses.popleft()
            self._first += 1
        if payload >> 32:
            self._take_address(cycle, self._shown)

    def _word_shown(self, cycle: int, payload: int) -> None:
        self._word = payload & 0xFFFFFFFF
        if payload >> 32:
            self._take_data(cycle, self._word)

    def _taken_later(self, cycle: int, payload: int) -> None:
        if payload & 1:
            self._take_address(cycle, self._shown)
        if payload & 2:
            self._take_data(cycle, self._word)

    def _bring_up_to_date(self, at_once: bool = False) -> None:
        if at_once:
            self._stream.hurry(Kind.MESSAGE_AW, Kind.MESSAGE_W, Kind.MESSAGE_TAKEN)
        self._stream.drain()

    def _catch_up(self, paired: int) -> None:
        self._served = paired
        self._given.value = paired & 0xFF

    def _answer(self) -> None:
        """A message has come that is not answered OKAY at once."""
        self._stream.drain()
        paired = int(self._paired.value)
        answers = []
        for number in range(self._served, paired):
            delay, code = self._timing.answer(self._addresses[number - self._first], self._rng)
            answers.append(delay | code << 16)
        if answers:
            self._served = paired
            self._list.value = sum(answer << 32 * place for place, answer in enumerate(answers))
            self._given.value = len(answers) << 8 | paired & 0xFF

    def _abort(self) -> None:
        if not self._timing.plain:
            # of a message that was complete with the edge at which the reset begins, as MsiSink does
            self._answer()
        self._addresses.clear()
        self._first = int(self._paired.value)
        self._catch_up(self._first)
