# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Identity, features, and what is behind offsets that nobody uses."""

from cocotbext.virtio.conformance.bench import Bench, Blocked, NotCheckable
from cocotbext.virtio.conformance.guest import BASIC, MMIO_MSI, VERSION_1, Guest
from cocotbext.virtio.conformance.registry import check
from cocotbext.virtio.registers import Register

MAGIC, VERSION = 0x74726976, 2
_LEGACY = {0x028, 0x03C, 0x040}
# Bits of the device classes (virtio 1.2, chapter 5), below 24.
CLASS_BITS = {
    "rng": set(),
    "blk": {1, 2, 4, 5, 6, 9, 10, 11, 12, 13, 14, 16, 17},
    "console": {0, 1, 2},
    "net": set(range(24)) - {4},
}
# needs: (class, feature, any of these)
PREREQUISITES = (
    ("blk", 11, (9,)),
    *(("net", bit, (1,)) for bit in (7, 8, 10)),
    *(("net", bit, (0,)) for bit in (11, 12, 14)),
    ("net", 9, (7, 8)),
    ("net", 13, (11, 12)),
    *(("net", bit, (17,)) for bit in (18, 19, 20, 21, 22)),
)
RESERVED = (30, 37, 41, 42, 44, 45, 46, 47, 48, 49)


@check("MagicValue, Version and DeviceID read as they have to", "MUST", "4.2.2.1", "MMIO-1 MMIO-2 MMIO-3")
async def identity(bench: Bench) -> None:
    magic = await bench.read(Register.MAGIC_VALUE)
    bench.expect(magic == MAGIC, f"MagicValue reads {magic:#x}, not {MAGIC:#x}")
    version = await bench.read(Register.VERSION)
    bench.expect(version == VERSION, f"Version reads {version}, not {VERSION}")
    found, wanted = await bench.read(Register.DEVICE_ID), bench.settings.device_id
    if wanted is not None:
        bench.expect(found == wanted, f"DeviceID reads {found}; class {bench.settings.device_class} is {wanted}")
    else:
        bench.expect(found != 0, "DeviceID reads 0: a placeholder, which drivers leave alone")


@check("Identity and offered features never change", "SHOULD", "2.2.2", "MMIO-3 MMIO-24")
async def identity_is_constant(bench: Bench) -> None:
    """No MUST: what was negotiated once should be negotiable again, so that it has to be offered again."""
    guest = Guest(bench)

    async def look() -> list[int]:
        return [
            await bench.read(each)
            for each in (Register.MAGIC_VALUE, Register.VERSION, Register.DEVICE_ID, Register.VENDOR_ID)
        ]

    first = await look()
    await guest.begin()
    offered = guest.offered
    bench.expect(await look() == first, "identity registers differ after a reset")
    await guest.accept(sum(1 << bit for bit in BASIC if guest.offers(bit)))
    bench.expect(await look() == first, "identity registers differ after FEATURES_OK")
    await guest.begin()
    bench.expect(guest.offered == offered, f"offered features were {offered:#x}, after a reset {guest.offered:#x}")


@check("Reading any register changes nothing", "SHOULD", "4.2.2", "MMIO-6")
async def reads_have_no_effect(bench: Bench) -> None:
    guest = Guest(bench)
    await guest.negotiate()
    await guest.queue_max(0)
    before = await bench.read(Register.STATUS)
    offsets = range(0, 0x100, 4)
    for offset in offsets:
        await bench.bus.read(offset)
    status = await bench.read(Register.STATUS)
    bench.expect(status == before, f"Status was {before:#x}, after reading all registers {status:#x}")
    most = await bench.read(Register.QUEUE_NUM_MAX)
    bench.expect(most == await guest.queue_max(0), "reading registers changed the selected queue")
    bench.expect(await bench.read(Register.QUEUE_READY) == 0, "reading registers set QueueReady")


@check("VERSION_1 is offered", "MUST", "6.2", "MMIO-23")
async def version_1_is_offered(bench: Bench) -> None:
    guest = Guest(bench)
    await guest.begin()
    bench.expect(guest.offers(VERSION_1), f"offered features are {guest.offered:#x}, without bit 32")


@check("Words of features that do not exist read 0", "MUST", "4.2.2", "MMIO-24 MMIO-27")
async def feature_words_beyond(bench: Bench) -> None:
    guest = Guest(bench)
    await guest.begin()
    for word in (2, 3, 0x100, 0x8000_0000, 0x8000_0001, 0xFFFF_FFFF):
        await bench.write(Register.DEVICE_FEATURES_SEL, word)
        value = await bench.read(Register.DEVICE_FEATURES)
        bench.expect(value == 0, f"DeviceFeatures with DeviceFeaturesSel {word:#x} reads {value:#x}, not 0")
    await bench.write(Register.DEVICE_FEATURES_SEL, 1)
    value = await bench.read(Register.DEVICE_FEATURES)
    bench.expect(value == guest.offered >> 32, f"word 1 reads {value:#x} after words that do not exist")


@check("No reserved feature bit is offered", "MUST", "2.2.2", "MMIO-27")
async def no_reserved_features(bench: Bench) -> None:
    guest = Guest(bench)
    await guest.begin()
    for bit in RESERVED:
        bench.expect(not guest.offers(bit), f"feature bit {bit} is offered; it is reserved, or for another transport")
    allowed = CLASS_BITS.get(bench.settings.device_class)
    if allowed is not None:
        for bit in sorted(set(range(24)) - allowed):
            bench.expect(
                not guest.offers(bit),
                f"feature bit {bit} is offered; class {bench.settings.device_class} has none such",
            )


@check("No feature is offered without what it needs", "MUST", "2.2.2", "MMIO-26 DEV-7")
async def feature_prerequisites(bench: Bench) -> None:
    guest = Guest(bench)
    await guest.begin()
    bench.learnt += 1
    for kind, bit, needs in PREREQUISITES:
        if bench.settings.device_class == kind and guest.offers(bit):
            bench.expect(
                any(map(guest.offers, needs)),
                f"feature bit {bit} is offered without bit {' or '.join(map(str, needs))}",
            )


@check("The offered basic features are accepted", "SHOULD", "2.2.2", "MMIO-29")
async def features_are_accepted(bench: Bench) -> None:
    """No MUST: a device should accept any valid subset of what it offers."""
    guest = Guest(bench)
    await guest.begin()
    features = sum(1 << bit for bit in BASIC if guest.offers(bit))
    bench.expect(
        await guest.accept(features), f"FEATURES_OK reads 0 after {features:#x}, all of it offered, was accepted"
    )


@check("All offered features together are accepted", "SHOULD", "2.2.2", "MMIO-29")
async def all_features_are_accepted(bench: Bench) -> None:
    guest = Guest(bench)
    await guest.begin()
    bench.expect(await guest.accept(guest.offered), f"FEATURES_OK reads 0 after all of {guest.offered:#x} was accepted")


@check("A feature that is not offered is refused", "MUST", "2.2.2", "MMIO-28")
async def unoffered_feature_is_refused(bench: Bench) -> None:
    guest = Guest(bench)
    await guest.begin()
    basic = sum(1 << bit for bit in BASIC if guest.offers(bit))
    for bit in (45, 49, 23, 31, 0):
        if guest.offers(bit):
            continue
        if await guest.accept(basic | 1 << bit):
            bench.find(f"FEATURES_OK stays set although bit {bit}, which is not offered, was accepted")
        bench.learnt += 1
        await guest.begin()


@check("A feature bit beyond 63 is refused", "SHOULD", "2.2.2", "MMIO-25")
async def high_feature_is_refused(bench: Bench) -> None:
    guest = Guest(bench)
    await guest.begin()
    await bench.write(Register.DRIVER_FEATURES_SEL, 2)
    await bench.write(Register.DRIVER_FEATURES, 1 << 7)
    accepted = await guest.accept(sum(1 << bit for bit in BASIC if guest.offers(bit)))
    bench.expect(not accepted, "FEATURES_OK stays set although bit 71, which is not offered, was accepted")


@check("What was accepted once is accepted again", "SHOULD", "2.2.2", "MMIO-30")
async def features_again(bench: Bench) -> None:
    guest = Guest(bench)
    await guest.begin()
    features = sum(1 << bit for bit in BASIC if guest.offers(bit))
    if not await guest.accept(features):
        raise Blocked("the basic features are refused the first time")
    for _ in range(3):
        await guest.begin()
        bench.expect(
            await guest.accept(features), f"{features:#x} was accepted before a reset, and is refused after it"
        )


@check("Reads and writes of unused offsets are answered and change nothing", "SHOULD", "4.2.2", "MMIO-5")
async def unused_offsets(bench: Bench) -> None:
    guest = Guest(bench)
    await guest.negotiate()
    before = await bench.read(Register.STATUS)
    msi = guest.offers(MMIO_MSI)
    for offset in (
        0x018,
        0x01C,
        0x02C,
        0x048,
        0x04C,
        0x054,
        0x068,
        0x074,
        0x088,
        0x098,
        0x0A8,
        0x0E0,
        0x0E4,
        0x0F8,
        *_LEGACY,
    ):
        if msi and 0x0C0 <= offset < 0x0E0:
            continue
        await bench.bus.read(offset)
        await bench.bus.write(offset, 0xFFFF_FFFF)
        bench.learnt += 1
    for offset in (
        Register.MAGIC_VALUE,
        Register.VERSION,
        Register.DEVICE_ID,
        Register.QUEUE_NUM_MAX,
        Register.INTERRUPT_STATUS,
    ):
        value = (await bench.bus.read(offset))[0]
        await bench.bus.write(offset, ~value)
        now = await bench.read(offset)
        bench.expect(now == value, f"{offset.name} was {value:#x}, after a write to it {now:#x}")
    for cycle, text in bench.bus_broken:
        bench.find(text, cycle)
    status = await bench.read(Register.STATUS)
    bench.expect(status == before, f"Status was {before:#x}, after accesses to unused offsets {status:#x}")


@check("A shared memory region that does not exist has length and base of all ones", "MUST", "4.2.2", "MMIO-59")
async def no_shared_memory(bench: Bench) -> None:
    for region in (0, 1, 255):
        await bench.write(Register.SHM_SEL, region)
        low, high = await bench.read(Register.SHM_LEN_LOW), await bench.read(Register.SHM_LEN_HIGH)
        if region == 0 and (low, high) not in ((0, 0), (0xFFFF_FFFF, 0xFFFF_FFFF)):
            raise NotCheckable("region 0 exists")
        bench.expect(
            (low, high) == (0xFFFF_FFFF, 0xFFFF_FFFF),
            f"SHMLen of region {region} reads {high:#x} {low:#x}, not all ones",
        )
        low, high = await bench.read(Register.SHM_BASE_LOW), await bench.read(Register.SHM_BASE_HIGH)
        bench.expect(
            (low, high) == (0xFFFF_FFFF, 0xFFFF_FFFF),
            f"SHMBase of region {region} reads {high:#x} {low:#x}, not all ones",
        )
