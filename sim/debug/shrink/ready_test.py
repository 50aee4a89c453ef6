# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Steps as a test, to be dropped into tb/tests."""

from enum import IntFlag

from cocotbext.virtio.registers import InterruptBit, MsiCommand, Register, StatusBit
from cocotbext.virtio.trace.steps import Read, Step, Write

_TEMPLATE = '''"""{headline}

Made by `{command}`:
{message}
"""

import cocotb

from tb.tests.support.bench import Bench
from cocotbext.virtio.registers import {names}
from cocotbext.virtio.trace.player import play
from cocotbext.virtio.trace.steps import {kinds}

STEPS = [
{steps}
]


@cocotb.test(timeout_time=10, timeout_unit="ms")
async def {name}(dut):
    """The scoreboard has nothing to object to. For the configuration {configuration}."""
    bench = Bench(dut)
    await bench.start()
    await play(bench.interface, STEPS)
    await bench.finish("register writes")
'''


def source(steps: list[Step], name: str, headline: str, command: str, message: str, configuration: str) -> str:
    """The Python file.

    Args:
        name: of the test.
        headline, command, message: what it is about, what made it, what the scoreboard said.
        configuration: the one it failed on.
    """
    lines = [f"    {step_source(step)}," for step in steps]
    text = "\n".join(lines)
    names = [each.__name__ for each in (InterruptBit, MsiCommand, Register, StatusBit) if f"{each.__name__}." in text]
    return _TEMPLATE.format(
        headline=headline,
        command=command,
        message="\n".join(_wrapped(message)),
        names=", ".join(names),
        kinds=", ".join(sorted({type(step).__name__ for step in steps})),
        steps=text,
        name=name,
        configuration=configuration,
    )


def step_source(step: Step) -> str:
    """One step as Python, with registers and commands by name."""
    values = list(map(str, step.values()))
    if isinstance(step, Write | Read):
        values[0] = _register(step.address)
    if isinstance(step, Write):
        values[1] = _data(step.address, step.data)
        values[2:] = [] if step.strobe == 0xF else [f"strobe=0b{step.strobe:04b}"]
    if step.after is not None:
        values.append(f"after={step.after}")
    return f"{type(step).__name__}({', '.join(values)})"


def _register(address: int) -> str:
    try:
        return f"Register.{Register(address).name}"
    except ValueError:
        return f"0x{address:03x}"


def _data(address: int, data: int) -> str:
    if address == Register.MSI_CMD and data in list(MsiCommand):
        return f"MsiCommand.{MsiCommand(data).name}"
    by_register: dict[int, type[IntFlag]] = {Register.STATUS: StatusBit, Register.INTERRUPT_ACK: InterruptBit}
    flags = by_register.get(address)
    if flags and data and not data & ~sum(flags):
        return " | ".join(f"{flags.__name__}.{flag.name}" for flag in flags if data & flag)
    return str(data) if data < 10 else f"0x{data:x}"


def _wrapped(text: str, width: int = 120) -> list[str]:
    lines = [""]
    for word in text.replace("\\", "/").replace('"""', "'").split():
        if len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] += (" " if lines[-1] else "") + word
    return lines
