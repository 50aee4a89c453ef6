# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The tests that run in the simulator: the same steps on the endpoint. $YARDSTICK is a JSON object: name of a
test -> file with its sequences."""

import json
import os
from dataclasses import asdict
from pathlib import Path

import cocotb
from cocotbext.virtio.binding import bind
from cocotbext.virtio.devices import BlockDevice
from cocotbext.virtio.devices.device_service import DeviceService
from cocotbext.virtio.driver.mmio_driver import MmioDriver
from cocotbext.virtio.handles import Dut
from cocotbext.virtio.registers import MSI_NO_MAPPING, MsiVecStateBit, Register, StatusBit
from cocotbext.virtio.rings import Memory, QueueLayout
from cocotbext.virtio.transactions import MessagePresented

from sim.flow.errors import FlowError
from sim.yardstick.comparison import Failure
from sim.yardstick.registers import RegisterSteps
from sim.yardstick.request import SIZE, Rings
from sim.yardstick.scenarios import Difference
from sim.yardstick.shrink import shrink
from sim.yardstick.steps import (
    BRING_UP,
    NONE,
    QUEUES,
    VECTORS,
    Observation,
    event_of,
    label,
    message,
    vector_of,
)
from tb.tests.support.settings import CONFIG

RESULT = "observations.json"  # in the run's folder
_SETTLE = 32  # cycles after which the endpoint has sent what it is going to send, see docs/interrupts.md
_SERVED = 200  # cycles in which the device behind it has served a kick
_NO_VECTOR = 0xFFFF_FFFF


class InterruptSteps:
    """The endpoint's interrupts, through the driver of the package."""

    def __init__(self, dut: Dut) -> None:
        self._interface = bind(dut, CONFIG)
        self._driver = MmioDriver(self._interface.registers, messages=lambda vector: message(vector, 0))
        self._messages: list[str] = []
        self._interface.message_monitor.add_callback(self._message)

    async def run(self, sequences: list[list[str]]) -> list[list[Observation]]:
        """Bring the device up, then make each step; an observation for each, that of the bring-up first."""
        await self._interface.clock.reset()
        await self._driver.probe()
        return [[await self._step(*step.split()) for step in [BRING_UP, *sequence]] for sequence in sequences]

    def _message(self, transaction: object) -> None:
        if isinstance(transaction, MessagePresented):
            self._messages.append(label(transaction.address, transaction.data))

    async def _step(self, word: str, *arguments: str) -> Observation:
        driver, status = self._driver, None
        match word:
            case "bring":
                await self._bring_up()
            case "used":
                await self._interface.event_source.send(int(arguments[0]) + 1)
            case "change":
                await self._interface.event_source.send(0)
            case "mask" | "unmask":
                act = driver.mask if word == "mask" else driver.unmask
                for each in range(VECTORS) if arguments[0] == "all" else [int(arguments[0])]:
                    await act(each)
            case "message":
                which, number = map(int, arguments)
                await driver.configure(which, *message(which, number))
            case "map":
                vector = vector_of(arguments[1])
                await driver.map(event_of(arguments[0]), _NO_VECTOR if vector is None else vector)
            case "off":
                await driver.disable_msi()
            case "on":
                await driver.enable_msi()
            case "status":
                status = int(await driver.acknowledge())
            case "stop":
                await driver.stop_queue(int(arguments[0]))
            case "reset":
                await driver.reset()
            case _:
                raise FlowError(f"unknown step '{word}'")
        await self._settle()
        return await self._look() | ({} if status is None else {"status": status})

    async def _bring_up(self) -> None:
        driver = self._driver
        await driver.negotiate()
        assert driver.sharing and driver.vectors == VECTORS, (driver.sharing, driver.vectors)
        queues = [QueueLayout(SIZE, *Rings(number).parts()) for number in range(QUEUES)]
        for vector in range(VECTORS):
            await driver.configure(vector)
        await driver.bring_up(queues, {event: event for event in range(QUEUES + 1)})

    async def _settle(self) -> None:
        quiet = 0
        while quiet < _SETTLE:
            await self._interface.clock.cycles(8)
            quiet = 0 if self._interface.busy else quiet + 8

    async def _look(self) -> Observation:
        messages, self._messages = sorted(self._messages), []
        pending: list[int] = []
        vectors: list[int | str] = []
        driver = self._driver
        if driver.msi:  # without it the registers are not there
            for vector in range(VECTORS):
                await driver.write(Register.MSI_VEC_SEL, vector)
                if await driver.read(Register.MSI_VEC_STATE) & MsiVecStateBit.PENDING:
                    pending.append(vector)
        for queue in range(QUEUES):
            found = MSI_NO_MAPPING
            if driver.msi:
                await driver.write(Register.QUEUE_SEL, queue)
                found = await driver.read(Register.MSI_VEC_STATE) >> 16
            vectors.append(NONE if found == MSI_NO_MAPPING else found)
        return {
            "messages": messages,
            "pending": pending,
            "line": int(self._interface.dut.irq.value),
            "vectors": vectors,
            "needs reset": int(bool(await driver.status() & StatusBit.DEVICE_NEEDS_RESET)),
        }


class EndpointRegisters(RegisterSteps):
    """The endpoint's registers, with a disk behind it."""

    def __init__(self, dut: Dut) -> None:
        super().__init__(Rings(0))
        self._interface = bind(dut, CONFIG)
        self._memory = Memory((Rings.BASE, Rings.DISTANCE))
        self._disk = BlockDevice(bytes(1024))
        self._service = DeviceService(self._interface, self._memory, self._disk)
        self._driver = MmioDriver(self._interface.registers)

    async def run(self, sequences: list[list[str]]) -> list[list[Observation]]:
        """Reset the device, then make each step; an observation for each, that of the reset first."""
        await self._interface.clock.reset()
        found = []
        for sequence in sequences:
            await self._driver.reset()
            found.append([{}, *[await self._step(step) for step in sequence]])
        return found

    async def _step(self, step: str) -> Observation:
        match step.split():
            case ["used"]:
                await self._interface.clock.cycles(_SERVED)
                return {"value": int.from_bytes(self._memory.read(self.rings.used + 2, 2), "little")}
            case ["change"]:
                self._disk.grow(bytes(512))
                await self._interface.clock.cycles(_SETTLE)
                return {}
            case ["byte", offset]:
                return {"value": await self._driver.read_bytes(int(offset, 0), 1)}
        values: Observation = {}
        for access in self.accesses(step):
            if access.what is None:
                values["value"] = await self._driver.read(access.where)
            elif isinstance(access.what, bytes):
                self._memory.write(access.where, access.what)
            else:
                await self._driver.write(access.where, access.what)
        await self._interface.clock.cycles(_SETTLE)
        return values


async def _measure(name: str, side: "InterruptSteps | EndpointRegisters") -> None:
    sequences = json.loads(Path(json.loads(os.environ["YARDSTICK"])[name]).read_text())
    Path(RESULT).write_text(json.dumps(await side.run(sequences)))


@cocotb.test(timeout_time=1, timeout_unit="sec")
async def interrupts(dut: Dut) -> None:
    """Scenarios and random sequences of interrupts."""
    assert (CONFIG.num_vectors, CONFIG.num_queues) == (VECTORS, QUEUES)
    await _measure("interrupts", InterruptSteps(dut))


@cocotb.test(timeout_time=1, timeout_unit="sec")
async def shrunk(dut: Dut) -> None:
    """The few steps of a sequence of interrupts that failed; the failure that is left, or null."""
    side = InterruptSteps(dut)

    async def run(steps: list[str]) -> list[Observation]:
        return (await side.run([steps]))[0]

    given = json.loads(Path(json.loads(os.environ["YARDSTICK"])["shrunk"]).read_text())
    failure = Failure(given["number"], given["steps"], given["side"], Difference(*given["wrong"]))
    left = await shrink(failure, (), run)
    Path(RESULT).write_text(json.dumps(left and asdict(left)))


@cocotb.test(timeout_time=1, timeout_unit="sec")
async def registers(dut: Dut) -> None:
    """Scenarios of registers."""
    await _measure("registers", EndpointRegisters(dut))
