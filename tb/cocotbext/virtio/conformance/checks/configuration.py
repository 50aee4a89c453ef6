# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The device's configuration space."""

from cocotbext.virtio.conformance.bench import Bench, Blocked, NotCheckable
from cocotbext.virtio.conformance.guest import Guest
from cocotbext.virtio.conformance.registry import check
from cocotbext.virtio.registers import Register

SIZES = {"blk": 8, "console": 8, "net": 6, "rng": 0, "none": 0}  # bytes that every device of the class has


async def _bytes(bench: Bench, count: int) -> list[int]:
    """Configuration bytes, each by a read of its own."""
    found = []
    for offset in range(count):
        value, _ = await bench.bus.read(0x100 + offset)
        found.append(value >> 8 * (offset % 4) & 0xFF)
    return found


@check("Byte, half-word and word reads of the configuration agree", "MUST", "4.2.2.2", "MMIO-7 MMIO-10")
async def configuration_widths(bench: Bench) -> None:
    size = SIZES[bench.settings.device_class]
    if not size:
        raise NotCheckable("the class has no configuration")
    await Guest(bench).begin()
    words = [await bench.read(0x100 + offset) for offset in range(0, size, 4)]
    whole = b"".join(word.to_bytes(4, "little") for word in words)[:size]
    single = bytes(await _bytes(bench, size))
    bench.expect(single == whole, f"read by bytes, the configuration is {single.hex()}, by words {whole.hex()}")
    halves = b""
    for offset in range(0, size, 2):
        value, _ = await bench.bus.read(0x100 + offset)
        halves += (value >> 8 * (offset % 4) & 0xFFFF).to_bytes(2, "little")
    bench.expect(
        halves[:size] == whole,
        f"read by half-words, the configuration is {halves[:size].hex()}, by words {whole.hex()}",
    )


@check(
    "The configuration can be read before FEATURES_OK, and the capacity is the same behind it",
    "MUST",
    "2.5.2",
    "MMIO-9",
)
async def configuration_before_features(bench: Bench) -> None:
    """Only a disk has a field for every driver, the capacity; others may be gone when their feature is not accepted."""
    size = SIZES[bench.settings.device_class]
    if not size:
        raise NotCheckable("the class has no configuration")
    guest = Guest(bench)
    await guest.begin()
    before = [await bench.read(0x100 + offset) for offset in range(0, size, 4)]
    await guest.negotiate()
    after = [await bench.read(0x100 + offset) for offset in range(0, size, 4)]
    if bench.settings.device_class != "blk":
        bench.learnt += 1
        return
    bench.expect(before == after, f"before FEATURES_OK the configuration reads {before}, behind it {after}")


@check("Reads beyond the configuration are answered", "SHOULD", "2.5.1", "MMIO-8")
async def configuration_beyond(bench: Bench) -> None:
    await Guest(bench).begin()
    limit = min(1 << bench.settings.address_bits, 0x1000)
    for offset in (0x140, 0x180, 0x1FC, 0x200, limit - 4):
        if 0x100 <= offset < limit:
            await bench.read(offset)
            bench.learnt += 1
    if not bench.learnt:
        raise NotCheckable("there is no address beyond the configuration")


@check("ConfigGeneration stands still while nothing changes", "MUST", "2.5", "MMIO-56")
async def generation_stands_still(bench: Bench) -> None:
    guest = Guest(bench)
    await guest.negotiate()
    first = await bench.read(Register.CONFIG_GENERATION)
    for _ in range(6):
        await bench.read(0x100)
        await bench.clock.cycles(50)
        value = await bench.read(Register.CONFIG_GENERATION)
        bench.expect(value == first, f"ConfigGeneration was {first}, now {value}, and nothing changed")


@check("A changed configuration has another generation, and is told of", "MUST", "2.5", "MMIO-56 MMIO-57", "change irq")
async def configuration_change(bench: Bench) -> None:
    if not hasattr(bench.dut, "config_generation"):
        raise NotCheckable("the device has no config_generation port")
    guest = Guest(bench)
    await guest.bring_up()
    await bench.rest()
    await guest.acknowledge()
    for turn in range(3):
        first = await bench.read(Register.CONFIG_GENERATION)
        bench.python.function.change_configuration(0, bytes([turn + 1]) if bench.python.function.configuration else b"")
        if not bench.expect(
            await bench.until(lambda: bench.line.level == 1), "irq does not rise for a changed configuration"
        ):
            return
        pending = await guest.interrupt_status()
        bench.expect(bool(pending & 2), f"InterruptStatus reads {pending:#x} after the configuration changed")
        value = await bench.read(Register.CONFIG_GENERATION)
        bench.expect(value != first, f"ConfigGeneration is {value} before and after a change")
        await guest.acknowledge(pending)


@check(
    "Writes of the driver to configuration that it may not write change nothing",
    "SHOULD",
    "2.5",
    "MMIO-58",
    "",
    "blk net",
)
async def configuration_is_kept(bench: Bench) -> None:
    guest = Guest(bench)
    await guest.negotiate()
    if bench.settings.device_class == "net" and guest.offers(23):
        raise NotCheckable("the MAC address may be set by the driver")
    if bench.has("change"):
        raise NotCheckable("the configuration is Python's")
    before = [await bench.read(0x100), await bench.read(0x104)]
    if not any(before):
        raise Blocked("the configuration is 0")
    await bench.bus.write(0x100, 0x1234_5678)
    after = [await bench.read(0x100), await bench.read(0x104)]
    bench.expect(before == after, f"the configuration was {before}, after a write of the driver {after}")
