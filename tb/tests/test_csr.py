# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The CSR suite, made from the register description: hardware reset, read and write, bit bash, aliasing."""

import pyuvm
from cocotbext.virtio.randomness import fork
from cocotbext.virtio.registers import Register, StatusBit
from cocotbext.virtio.uvm.csr import CsrSuite
from cocotbext.virtio.uvm.sequences.spec_driver import SpecDriver

from tb.tests.support.base import EndpointTest
from tb.tests.support.covers import covers
from tb.tests.support.settings import CONFIG

LIMITS = {"timeout_time": 5, "timeout_unit": "ms"}
NEGOTIATED = StatusBit.ACKNOWLEDGE | StatusBit.DRIVER | StatusBit.FEATURES_OK


class CsrTest(EndpointTest):
    """Negotiates, so that the MSI registers are there, and runs a part of the suite."""

    expected = ("register reads", "register writes")

    async def body(self):
        driver = SpecDriver(self.config)
        driver.sequencer = self.env.registers.sequencer
        await driver.write(Register.STATUS, 0)
        await driver.negotiate()
        suite = CsrSuite(self.env.ral, fork(), keep={"status": int(NEGOTIATED)})
        await self.part(suite)
        assert suite.compared > 8

    async def part(self, suite: CsrSuite) -> None:
        """What is run of the suite."""
        raise NotImplementedError


@pyuvm.test(**LIMITS)
@covers("MMIO-1", "MMIO-2", "MMIO-3")
class HardwareReset(EndpointTest):
    """After aresetn every register reads what the description says."""

    async def body(self):
        suite = CsrSuite(self.env.ral, fork())
        await suite.hw_reset()
        assert suite.compared == len(self.env.ral.get_registers())


@pyuvm.test(**LIMITS, skip=not CONFIG.msi_support)
@covers("choice 3")
class ReadAndWrite(CsrTest):
    """Read-write registers hold what is written."""

    async def part(self, suite):
        await suite.read_write()


@pyuvm.test(**LIMITS, skip=not CONFIG.msi_support)
@covers("choice 3")
class BitBash(CsrTest):
    """Every bit of a read-write register is a bit of its own."""

    async def part(self, suite):
        await suite.bit_bash()


@pyuvm.test(**LIMITS, skip=not CONFIG.msi_support)
@covers("choice 3")
class Aliasing(CsrTest):
    """No register is the image of another, and constants stay."""

    async def part(self, suite):
        await suite.aliasing()
