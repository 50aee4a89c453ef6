# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What drivers and devices do: legal and hostile sequences for the ideal endpoint."""

import random

from cocotbext.virtio.config import NO_VECTOR, EndpointConfig
from cocotbext.virtio.registers import MsiCommand, Register

from tests.model.ideal_endpoint import IdealEndpoint

VERSION_1 = 1 << 32


def write(endpoint: IdealEndpoint, register: int, data: int, strobe: int = 0xF):
    """Queue a register write."""
    endpoint.writes.append((int(register), data & 0xFFFFFFFF, strobe))


def negotiate(endpoint: IdealEndpoint, features: int):
    """Reset to FEATURES_OK."""
    write(endpoint, Register.STATUS, 0)
    write(endpoint, Register.STATUS, 1)
    write(endpoint, Register.STATUS, 3)
    for word in (1, 0):
        write(endpoint, Register.DRIVER_FEATURES_SEL, word)
        write(endpoint, Register.DRIVER_FEATURES, features >> 32 * word)
    write(endpoint, Register.STATUS, 0xB)


def queue_on(endpoint: IdealEndpoint, queue: int, size: int = 8):
    """QueueSel to QueueReady."""
    write(endpoint, Register.QUEUE_SEL, queue)
    write(endpoint, Register.QUEUE_NUM, size)
    write(endpoint, Register.QUEUE_DESC_LOW, 0x1000 * (queue + 1))
    write(endpoint, Register.QUEUE_READY, 1)


def command(endpoint: IdealEndpoint, code: int, vector: int | None = None):
    """MsiVecSel and MsiCmd."""
    if vector is not None:
        write(endpoint, Register.MSI_VEC_SEL, vector)
    write(endpoint, Register.MSI_CMD, code)


def configure(endpoint: IdealEndpoint, vector: int, address: int, data: int):
    """All of CONFIGURE."""
    write(endpoint, Register.MSI_VEC_SEL, vector)
    write(endpoint, Register.MSI_ADDR_LOW, address)
    write(endpoint, Register.MSI_ADDR_HIGH, address >> 32)
    write(endpoint, Register.MSI_DATA, data)
    write(endpoint, Register.MSI_CMD, MsiCommand.CONFIGURE)


def bring_up(endpoint: IdealEndpoint, msi: bool = True, vectors=None):
    """A driver that does everything right, up to DRIVER_OK."""
    config = endpoint.config
    negotiate(
        endpoint, VERSION_1 | (1 << config.msi_feature_bit if msi else 0) | (1 << 39 if config.notify_doorbells else 0)
    )
    if msi:
        vectors = range(config.num_vectors) if vectors is None else vectors
        for vector in vectors:
            configure(endpoint, vector, 0xFEE00000 + 16 * vector, 0x40 + vector)
        if config.msi_sharing:
            command(endpoint, MsiCommand.MAP_CONFIG, 0)
    for queue in range(config.num_queues):
        queue_on(endpoint, queue)
        if msi and config.msi_sharing:
            command(endpoint, MsiCommand.MAP_QUEUE, (queue + 1) % config.num_vectors)
    if msi:
        command(endpoint, MsiCommand.ENABLE)
    write(endpoint, Register.STATUS, 0xF)


def random_action(endpoint: IdealEndpoint, choose: random.Random, shared_pairs: bool = False):
    """One thing that a driver or the device might do, sensible or not."""
    config = endpoint.config
    vector = choose.randrange(config.num_vectors)
    queue = choose.randrange(config.num_queues)
    match choose.randrange(22):
        case 0 | 1 | 2 | 3 | 4 | 5:
            for _ in range(choose.randint(1, 4)):
                endpoint.events.append(choose.randint(0, config.num_queues))
        case 6 | 7:
            command(endpoint, MsiCommand.MASK, vector)
        case 8 | 9 | 10:
            command(endpoint, MsiCommand.UNMASK, vector)
        case 11:
            address = 0xFEE00000 + 16 * (0 if shared_pairs else vector) + (0x1000 if choose.random() < 0.5 else 0)
            data = 0x40 if shared_pairs else 0x40 + vector
            if choose.random() < 0.2:
                address = data = 0
            configure(endpoint, vector, address, data)
        case 12 | 13:
            write(endpoint, Register.QUEUE_SEL, choose.choice([queue, queue, queue, config.num_queues, 70000]))
            command(
                endpoint,
                MsiCommand.MAP_QUEUE,
                choose.choice([vector, vector, queue + 1, NO_VECTOR, config.num_vectors]),
            )
        case 14:
            command(endpoint, MsiCommand.MAP_CONFIG, choose.choice([vector, 0, NO_VECTOR]))
        case 15:
            command(endpoint, MsiCommand.ENABLE)
        case 16:
            command(endpoint, MsiCommand.DISABLE)
        case 17:
            endpoint.reads.append(
                int(
                    choose.choice(
                        [
                            Register.INTERRUPT_STATUS,
                            Register.INTERRUPT_STATUS,
                            Register.MSI_VEC_STATE,
                            Register.MSI_VEC_STATE,
                            Register.STATUS,
                            Register.MSI_STATE,
                            Register.MSI_VEC_SEL,
                            Register.QUEUE_READY,
                            Register.DEVICE_FEATURES,
                            0x104,
                        ]
                    )
                )
            )
        case 18:
            write(endpoint, Register.INTERRUPT_ACK, choose.choice([1, 2, 3]))
        case 19:
            write(endpoint, Register.QUEUE_NOTIFY, choose.choice([queue, queue, config.num_queues, 0x10000 + queue]))
        case 20:
            write(endpoint, Register.QUEUE_SEL, queue)
            write(endpoint, Register.QUEUE_READY, choose.choice([0, 1, 1]))
        case 21:
            rare(endpoint, choose)


def rare(endpoint: IdealEndpoint, choose: random.Random):
    """What happens seldom."""
    match choose.randrange(9):
        case 0:
            bring_up(endpoint, msi=choose.random() < 0.8)
        case 1:
            write(endpoint, Register.STATUS, choose.choice([0xF, 0xF, 0xB, 0x8F]))
        case 2:
            endpoint.fail_next += 1
        case 3:
            endpoint.set_needs_reset(1 - endpoint.needs_reset_level)
        case 4:
            write(endpoint, Register.QUEUE_NUM, choose.choice([0, 3, 8, 1000]))
        case 5:
            write(endpoint, 0x100 + choose.randrange(16), choose.getrandbits(32), choose.randrange(1, 16))
            endpoint.reads.append(0x100 + 4 * choose.randrange(4))
        case 6:
            write(endpoint, choose.choice([0xC8, 0x70, 0x64, 0xC9]), choose.getrandbits(8), choose.randrange(15))
        case 7:
            write(endpoint, Register.MSI_CMD, choose.choice([0, 8, 0x101]))
        case 8:
            write(endpoint, Register.STATUS, 0)


def random_run(
    config: EndpointConfig,
    seed: int,
    actions: int,
    delays,
    gap: int,
    msi: bool = True,
    shared_pairs: bool = False,
    lose=None,
) -> list:
    """A whole run: bring-up, then random actions `gap` cycles apart. Returns what was observed."""
    endpoint = IdealEndpoint(config, seed, delays, lose)
    choose = random.Random(seed + 1)
    bring_up(endpoint, msi)
    endpoint.run(choose.randint(0, 300))
    for _ in range(actions):
        random_action(endpoint, choose, shared_pairs)
        endpoint.run(choose.randint(0, gap))
    endpoint.settle()
    return endpoint.finish()
