# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""Register accesses in words."""

from cocotbext.virtio.config import NO_VECTOR, EndpointConfig
from cocotbext.virtio.registers import (
    MSI_NO_MAPPING,
    MSI_VEC_STATE_MAPPING_LSB,
    Register,
    name_of,
)
from cocotbext.virtio.value_names import value_name

_BITS = {Register.STATUS, Register.INTERRUPT_STATUS, Register.INTERRUPT_ACK, Register.MSI_STATE}
_DECIMAL = {
    Register.QUEUE_SEL,
    Register.QUEUE_NUM,
    Register.QUEUE_NUM_MAX,
    Register.QUEUE_READY,
    Register.QUEUE_NOTIFY,
    Register.MSI_VEC_SEL,
    Register.MSI_VEC_NUM,
    Register.DEVICE_FEATURES_SEL,
    Register.DRIVER_FEATURES_SEL,
}


def access_text(access: dict, effect: dict, config: EndpointConfig) -> tuple[str, list[int], list[int]]:
    """An access as a reader says it: "MsiCmd = MASK vector 3"; with the vectors and queues that it is about.

    Args:
        access: {"write", "address", "data", "strobe"}.
        effect: the run log's "Effect" of the write, {} for none.
        config: the EndpointConfig.
    """
    name = name_of(access["address"], config)
    value = value_text(access["address"], access["data"])
    vectors, queues, about = _concerns(access, effect.get("effect"), effect.get("details", {}))
    text = f"{name} {'=' if access['write'] else '→'} {value}{about}"
    if access["write"] and access["strobe"] != 0xF:
        text += f" (lanes {access['strobe']:04b})"
    return text, vectors, queues


def value_text(address: int, value: int) -> str:
    """The value of the register at `address`, decoded as far as it has fields."""
    name = value_name(address, value)
    if address == Register.MSI_CMD:
        return name
    if address == Register.MSI_VEC_STATE:
        mapping = value >> MSI_VEC_STATE_MAPPING_LSB
        mapped = "queue unmapped" if mapping == MSI_NO_MAPPING else f"queue on vector {mapping}"
        return f"{name or 'idle'}, {mapped}"
    if address in _BITS:
        return name or f"{value:#x}" if value else "0"
    if address == Register.MSI_VEC_SEL and value == NO_VECTOR:
        return "NO_VECTOR"
    return str(value) if address in _DECIMAL and value < 1 << 16 else f"0x{value:x}"


def _concerns(access: dict, effect: str | None, details: dict) -> tuple[list[int], list[int], str]:
    """Vectors and queues that an access is about, and what its effect adds to the text."""
    match effect:
        case "VectorCommand":
            return [details["vector"]], [], f" vector {details['vector']}"
        case "Map":
            source = details["source"]
            what = "configuration" if source == 0 else f"queue {source - 1}"
            where = "none" if details["new"] is None else f"vector {details['new']}"
            vectors = [vector for vector in (details["old"], details["new"]) if vector is not None]
            return vectors, [source - 1] if source else [], f" {what} to {where}"
        case "QueueReady" | "QueueError":
            return [], [details["queue"]], f", queue {details['queue']}"
        case "Kick":
            return [], [details["queue"]], ""
    if access["write"] and access["address"] == Register.MSI_VEC_SEL:
        return [access["data"]], [], ""
    if access["write"] and access["address"] == Register.QUEUE_SEL:
        return [], [access["data"]], ""
    return [], [], ""
