# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What surrounds a device under test in one simulation: clock, buses, memory, line, messages, findings."""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from cocotbext.virtio.bfm.axi_memory import AxiMemory, MemoryTiming
from cocotbext.virtio.checks.ring_order import RingOrder
from cocotbext.virtio.checks.ring_trace import RingTrace
from cocotbext.virtio.clock_reset import ClockReset
from cocotbext.virtio.conformance.ports import Line, MessageSink, require
from cocotbext.virtio.conformance.register_bus import NoAnswer, RegisterBus
from cocotbext.virtio.conformance.settings import Settings
from cocotbext.virtio.handles import Dut
from cocotbext.virtio.memory_transactions import MemoryRead
from cocotbext.virtio.registers import Register
from cocotbext.virtio.rings import Memory, WatchedMemory

if TYPE_CHECKING:
    from cocotbext.virtio.conformance.python_device import PythonDevice
    from cocotbext.virtio.scoreboard.run_log import RunLog

MOST_FINDINGS = 12  # of one check; one cause often shows many times
MOST_ALIKE = 3  # of those that differ in numbers only
MESSAGE_DATA = 0x4000  # data of the message of vector 0
_NUMBER = re.compile(r"0x[0-9a-f]+|\d+")
_Part = TypeVar("_Part")


class Blocked(Exception):
    """The device did nothing from which this check could learn; the text says what was missing."""


class NotCheckable(Exception):
    """The device does not have what this check is about; the text says what."""


class Stuck(Exception):
    """The device answers no more; the finding has been noted."""


@dataclass(frozen=True)
class Noted:
    """A finding: cycle in which it showed, None without one, and text."""

    cycle: int | None
    text: str


class Bench:
    """One device in one simulation.

    Args:
        dut: the top module; settings: its description; seed: of all randomness.

    Raises:
        ValueError: ports are missing, or cannot be what they are called.

    Attributes:
        bus, line, memory: the ports that every device has; for messages, axi and python ask has() first.
        trace: what happened to memory, for the order rules.
        findings: so far.
        axi_broken, bus_broken, messages_broken: (cycle, text) of broken rules of m_axi, s_axil and m_axil.
    """

    def __init__(self, dut: Dut, settings: Settings, seed: int) -> None:
        require(dut)
        self.dut, self.settings, self.seed = dut, settings, seed
        self.rng = random.Random(seed)
        self.patience = settings.patience
        self.quiet = max(200, settings.patience // 20)  # cycles without a sign of life that end a wait for rest
        self.clock = ClockReset(dut.aclk, dut.aresetn)
        self.findings: list[Noted] = []
        self.learnt = 0  # things compared: a check that learnt nothing is blocked
        self.axi_broken: list[tuple[int, str]] = []
        self.bus_broken: list[tuple[int, str]] = []
        self.messages_broken: list[tuple[int, str]] = []
        self.trace = RingTrace()
        base, size = settings.memory_base, settings.memory_bytes
        self.ram = Memory((base, size))
        self.memory = WatchedMemory(self.ram)
        self.memory.after_write.append(lambda address, data: self.trace.driver_wrote(self.clock.cycle, address, data))
        self.bus = RegisterBus(
            dut, "s_axil", self.clock, settings.patience, lambda *broken: self.bus_broken.append(broken), self.fork()
        )
        self.line = Line(dut, self.clock, lambda *broken: self.bus_broken.append(broken))
        self.line.on_change(self._line_changed)
        self._messages: MessageSink | None = None
        if hasattr(dut, "m_axil_awvalid"):
            self._messages = MessageSink(
                dut, "m_axil", self.clock, lambda *broken: self.messages_broken.append(broken), self.fork()
            )
        self._axi: AxiMemory | None = None
        if hasattr(dut, "m_axi_awvalid"):
            self._axi = AxiMemory.from_prefix(
                dut,
                "m_axi",
                self.clock,
                self.ram,
                timing=MemoryTiming(read_latency=(4, 12), write_latency=(4, 12)),
                rng=self.fork(),
                report=lambda *broken: self.axi_broken.append(broken),
                answer_limit=settings.patience,
            )
            self._axi.on_read(self.trace.read)
            self._axi.on_write(self.trace.write)
        self._run_log: RunLog | None = None
        self._python: PythonDevice | None = None
        if settings.rings == "python":
            from cocotbext.virtio.conformance import python_device

            self._python = python_device.PythonDevice(self)
        self._tie_off()

    def fork(self) -> random.Random:
        """A generator of its own, seeded from that of the bench."""
        return random.Random(self.rng.getrandbits(64))

    def _tie_off(self) -> None:
        """Inputs of the endpoint's own ports that nobody drives here."""
        driven = {"device_idle": 1, "needs_reset": 0, "config_rdata": 0, "config_generation": 0, "queue_stop_done": 1}
        if self._python is None:
            driven |= {"event_valid": 0, "event_index": 0, "notify_ready": 1, "queue_index": 0}
        for name, value in driven.items():
            handle = getattr(self.dut, name, None)
            if handle is not None:
                handle.value = value

    @property
    def ports(self) -> set[str]:
        """Names of what the device has, as checks ask for it."""
        ports = {"s_axil", "irq"}
        if self._axi is not None:
            ports |= {"m_axi", "rings"}
        if self._python is not None:
            ports |= {"rings", "change"}
        if self._messages is not None:
            ports.add("m_axil")
        return ports

    def has(self, port: str) -> bool:
        """Whether the device has what a check calls by this name, see `ports`."""
        return port in self.ports

    @property
    def axi(self) -> AxiMemory:
        """The memory behind m_axi. Raises NotCheckable if the device has no such port."""
        return self._present(self._axi, "no m_axi port")

    @property
    def messages(self) -> MessageSink:
        """What takes the messages of m_axil. Raises NotCheckable if the device has no such port."""
        return self._present(self._messages, "no m_axil port")

    @property
    def python(self) -> "PythonDevice":
        """The device function that works the rings. Raises NotCheckable if they are worked in RTL."""
        return self._present(self._python, "rings that are not worked by Python")

    @staticmethod
    def _present(part: _Part | None, otherwise: str) -> _Part:
        if part is None:
            raise NotCheckable(f"the device has {otherwise}")
        return part

    def _line_changed(self, cycle: int, level: int) -> None:
        if level:
            self.trace.notified(cycle, None)

    async def start(self, run_log: Path | None = None) -> None:
        """Clock, and a reset; what happens after it goes to *run_log*, for programs that draw it."""
        self.clock.start()
        await self.clock.reset(8)
        await self.clock.cycles(4)
        if run_log is not None:
            self._log_to(run_log)

    def _log_to(self, file: Path) -> None:
        from cocotbext.virtio.config import EndpointConfig
        from cocotbext.virtio.run_settings import RunSettings
        from cocotbext.virtio.scoreboard.device_run_log import DeviceRunLog
        from cocotbext.virtio.scoreboard.run_log import RunLog

        config = EndpointConfig(addr_width=self.settings.address_bits, device_id=self.settings.device_id or 0)
        run = RunSettings(seed=str(self.seed), run_log=file)
        self._run_log = RunLog.if_asked(config, self.clock, run)
        memory = self.memory if self._axi is not None else None
        assert self._run_log is not None
        log = DeviceRunLog(self.dut, self.clock, self._run_log, self._axi, memory, MESSAGE_DATA)
        self.bus.log = log
        if self._messages is not None:
            self._messages.log = log

    # Findings

    def find(self, text: str, cycle: int | None = None) -> None:
        """Note a finding, in this cycle unless another one is given."""
        noted = Noted(self.clock.cycle if cycle is None else cycle, text)
        texts = [each.text for each in self.findings]
        alike = [_NUMBER.sub("", each) for each in texts].count(_NUMBER.sub("", text))
        if len(texts) < MOST_FINDINGS and text not in texts and alike < MOST_ALIKE:
            self.findings.append(noted)
            if self._run_log is not None:
                self._run_log.failed(noted.cycle or 0, "finding", text)

    def expect(self, right: bool, text: str, cycle: int | None = None) -> bool:
        """Note a finding unless *right*; something was compared in either case."""
        self.learnt += 1
        if not right:
            self.find(text, cycle)
        return right

    def order(self, *rules: str) -> None:
        """Judge the order rules of these names on the trace so far; each finding is one of this check.

        Raises:
            Blocked: nothing was made used.
        """
        for transaction in self.axi.unanswered():
            if isinstance(transaction, MemoryRead):
                self.trace.read(transaction)
            else:
                self.trace.write(transaction)
        judge = RingOrder(self.trace, rules)
        self.learnt += judge.compared
        for finding in judge.judge():
            self.find(f"{finding.rule}: {finding.text}", finding.cycle)

    # Registers

    async def read(self, address: int, what: str | None = None) -> int:
        """A 32-bit register.

        Raises:
            Stuck: no answer.
        """
        try:
            value, response = await self.bus.read(address)
        except NoAnswer as error:
            self._silent(error)
            raise Stuck from None
        if response:
            self.find(f"a read of {what or _name(address)} is answered with an error ({response})")
        return value

    async def write(self, address: int, value: int, strobe: int = 0xF) -> int:
        """Write a 32-bit register; returns the cycle in which the write began.

        Raises:
            Stuck: no answer.
        """
        began = self.clock.cycle
        try:
            response = await self.bus.write(address, value & 0xFFFF_FFFF, strobe)
        except NoAnswer as error:
            self._silent(error)
            raise Stuck from None
        if response:
            self.find(f"a write to {_name(address)} is answered with an error ({response})")
        return began

    def _silent(self, error: NoAnswer) -> None:
        """Note that an access is not answered, and what was wrong on the bus before."""
        for cycle, text in self.bus_broken[:2]:
            self.find(text, cycle)
        self.find(str(error))

    async def until(self, condition: Callable[[], bool], limit: int | None = None, step: int = 8) -> bool:
        """Wait until *condition*() holds, at most *limit* cycles (default: patience); returns whether it does."""
        end = self.clock.cycle + (self.patience if limit is None else limit)
        while not condition():
            if self.clock.cycle >= end:
                return False
            await self.clock.cycles(step)
        return True

    async def rest(self) -> None:
        """Wait until the device has shown no sign of life for a while, and tell the trace."""

        def signs() -> tuple[int, ...]:
            return (
                len(self.trace.reads),
                len(self.trace.writes),
                len(self.line.changes),
                self._axi.outstanding if self._axi else 0,
                len(self._messages.messages) if self._messages else 0,
                self._python.activity if self._python else 0,
            )

        last, since = signs(), self.clock.cycle
        end = since + self.patience
        while self.clock.cycle < end and self.clock.cycle - since < self.quiet:
            await self.clock.cycles(20)
            now = signs()
            if now != last:
                last, since = now, self.clock.cycle
        self.trace.settled(self.clock.cycle)
        await self.clock.cycles(1)


def _name(address: int) -> str:
    try:
        return Register(address).name
    except ValueError:
        return f"Config+{address - 0x100:#x}" if address >= 0x100 else f"{address:#x}"
