# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The machines that QEMU can be, as data: what a run needs to know of each beyond its devices."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from sim.cosim.foreign_packages import AMD64, ARM64
from sim.cosim.machine_device import MachineDevice
from sim.cosim.mmio_window import MmioWindow
from sim.flow.errors import FlowError

MEMORY_SIZE = 256 << 20  # bytes


class Discovery(Enum):
    """How the guest learns of our devices."""

    DEVICE_TREE = "device tree"
    OWN_TRANSPORTS = "the machine's own ACPI tables, which describe a transport with something plugged into it"
    ACPI_TABLE = "an ACPI table added to the machine's own"


@dataclass(frozen=True)
class MachineDescription:
    """One machine.

    Attributes:
        name: as the tables call it.
        architecture: of its guest, as Debian calls it.
        qemu: the program.
        packages: Debian packages that run it.
        machine: QEMU's -machine, without its memory.
        cpu: QEMU's -cpu; "" for the machine's own choice.
        memory_base: the guest's address of its memory's first byte.
        controller: QEMU's type of the interrupt controller that has the lines.
        first_address: of the first device.
        distance: bytes from one device to the next; a window is never larger.
        first_interrupt: input of the controller for the first device; the next one has the next.
        most_devices: that there is room for.
        discovery: how the guest learns of the devices.
        serial: what its kernel calls the serial port.
        arguments: further ones for its kernel.
        needs_tsc_rate: the kernel must be told the rate of the CPU's time stamp counter.
    """

    name: str
    architecture: str
    qemu: str
    packages: tuple[str, ...]
    machine: str
    cpu: str
    memory_base: int
    controller: str
    first_address: int
    distance: int
    first_interrupt: int
    most_devices: int
    discovery: Discovery
    serial: str
    arguments: str = ""
    needs_tsc_rate: bool = False

    def command(self, cpus: int, memory: str) -> list[str]:
        """QEMU's command line of the machine, without anything that starts it.

        Args:
            cpus: how many.
            memory: the file that is to be its memory.
        """
        return [
            self.qemu,
            *("-machine", f"{self.machine},memory-backend=ram"),
            *("-accel", "tcg"),
            *(("-cpu", self.cpu) if self.cpu else ()),
            *("-smp", str(cpus)),
            *("-m", str(MEMORY_SIZE >> 20)),
            *("-nodefaults", "-display", "none", "-no-reboot"),
            *("-object", f"memory-backend-file,id=ram,size={MEMORY_SIZE},share=on,mem-path={memory}"),
        ]

    def windows(self, devices: Sequence[MachineDevice]) -> list[MmioWindow]:
        """Where the devices are, in the order given.

        Raises:
            FlowError: there is no room for them.
        """
        if len(devices) > self.most_devices:
            raise FlowError(f"{self.name} has room for {self.most_devices} devices, not for {len(devices)}")
        for device in devices:
            if device.needed > self.distance:
                raise FlowError(
                    f"{self.name} gives a device {self.distance} bytes; {device.name} needs {device.needed}"
                )
        return [self.window(index, len(devices), device.name, device.size) for index, device in enumerate(devices)]

    def window(self, index: int, devices: int, name: str, size: int) -> MmioWindow:
        """Where device *index* of so many *devices* is, counted from 0; *size* in bytes, as it would like it."""
        address = self.first_address + self.distance * index
        match self.discovery:
            case Discovery.DEVICE_TREE:
                platform_name = f"{address:x}.virtio_mmio"
            case Discovery.OWN_TRANSPORTS:  # QEMU describes the last one first
                platform_name = f"LNRO0005:{devices - 1 - index:02x}"
            case Discovery.ACPI_TABLE:
                platform_name = f"LNRO0005:{index:02x}"
        return MmioWindow(name, address, min(size, self.distance), self.first_interrupt + index, platform_name)


# The virt machine has 256 shared peripheral interrupts and uses those below 176.
VIRT = MachineDescription(
    name="virt",
    architecture=ARM64,
    qemu="qemu-system-aarch64",
    packages=("qemu-system-arm", "device-tree-compiler"),
    machine="virt,gic-version=2",
    cpu="cortex-a57",
    memory_base=0x4000_0000,
    controller="arm_gic",
    first_address=0x0B00_0000,
    distance=0x1_0000,
    first_interrupt=200,
    most_devices=8,
    discovery=Discovery.DEVICE_TREE,
    serial="ttyAMA0",
)

# Our windows lie over the machine's own transports. With one I/O APIC these are 8, at its inputs 16 to 23.
MICROVM = MachineDescription(
    name="microvm",
    architecture=AMD64,
    qemu="qemu-system-x86_64",
    packages=("qemu-system-x86",),
    machine="microvm,acpi=on,ioapic2=off",
    cpu="qemu64,-cx16",
    memory_base=0,
    controller="ioapic",
    first_address=0xFEB0_0000,
    distance=0x200,
    first_interrupt=16,
    most_devices=8,
    discovery=Discovery.OWN_TRANSPORTS,
    serial="ttyS0",
    needs_tsc_rate=True,
)

Q35 = MachineDescription(
    name="q35",
    architecture=AMD64,
    qemu="qemu-system-x86_64",
    packages=("qemu-system-x86",),
    machine="q35",
    cpu="qemu64,-cx16",
    memory_base=0,
    controller="ioapic",
    first_address=0xFEB0_0000,
    distance=0x2000,
    first_interrupt=16,
    most_devices=8,
    discovery=Discovery.ACPI_TABLE,
    serial="ttyS0",
    arguments="no_timer_check",  # the check fails where QEMU gets too little of this machine's time
)

MACHINES = {machine.name: machine for machine in (VIRT, MICROVM, Q35)}
