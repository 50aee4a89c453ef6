# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""What the endpoint is built with, and the numbering of events and vectors."""

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass

from cocotbext.virtio.registers import MSI_NO_VECTOR, REGISTERS, FeatureBit, Register

NO_VECTOR = MSI_NO_VECTOR  # in MsiVecSel: map the event to no vector
EVENT_CONFIG = 0  # `event_index` of a configuration change


def used_event(queue: int) -> int:
    """`event_index` of a used buffer on `queue`; without sharing also the number of its vector."""
    return queue + 1


@dataclass(frozen=True)
class EndpointConfig:
    """Parameters of virtio_mmio_endpoint.v, with their defaults; sizes and offsets are in bytes.

    `num_vectors` None becomes `num_queues` + 1. dataclasses.replace() keeps the number it became: to follow a new
    `num_queues`, pass `num_vectors=None` too.

    Raises:
        ValueError: a field is no integer.
    """

    num_queues: int = 2
    num_vectors: int = None  # type: ignore[assignment]  # becomes a number in __post_init__
    queue_num_max: int = 256
    device_id: int = 4
    vendor_id: int = 0x4D53494F
    device_features: int = 1 << FeatureBit.VERSION_1
    msi_support: int = 1
    msi_feature_bit: int = FeatureBit.MMIO_MSI
    msi_sharing: int = 0
    notify_doorbells: int = 0
    notify_base: int = 0x1000
    notify_multiplier: int = 4
    config_bytes: int = 256
    addr_width: int = 12
    answer_at_once: int = 0
    require_features_ok: int = 1
    msi_awprot: int = 0b010

    def __post_init__(self) -> None:
        if self.num_vectors is None:
            object.__setattr__(self, "num_vectors", self.num_queues + 1)
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            if not isinstance(value, int):
                raise ValueError(f"{field.name} must be an integer, not {value!r}")
            object.__setattr__(self, field.name, int(value))  # an enum or a bool would not print as a number

    @classmethod
    def from_json(cls, text: str) -> "EndpointConfig":
        """The configuration that a JSON object describes; a field that it does not have takes its default.

        Raises:
            ValueError: *text* is no configuration.
        """
        try:
            return cls(**json.loads(text))
        except (TypeError, ValueError) as error:
            raise ValueError(f"not a configuration: {error}: {text}") from error

    def to_json(self) -> str:
        """What from_json() reads."""
        return json.dumps(dataclasses.asdict(self))

    def parameters(self) -> dict[str, int]:
        """Verilog parameter name -> value. DEVICE_FEATURES has 64 bits."""
        return {name.upper(): value for name, value in dataclasses.asdict(self).items()}

    @classmethod
    def of_parameters(cls, parameters: Mapping[str, int]) -> "EndpointConfig":
        """What the Verilog parameters of a device say of the endpoint in it; those of other parts are passed over."""
        names = {field.name.upper(): field.name for field in dataclasses.fields(cls)}
        return cls(**{names[name]: value for name, value in parameters.items() if name in names})

    @property
    def offered_features(self) -> int:
        """The 64 bits that DeviceFeatures shows in two words."""
        features = self.device_features
        if self.msi_support:
            features |= 1 << self.msi_feature_bit
        if self.notify_doorbells:
            features |= 1 << FeatureBit.MMIO_NOTIFICATION
        return features

    def doorbell(self, queue: int) -> int:
        """Byte offset of the doorbell of `queue`."""
        return self.notify_base + queue * self.notify_multiplier

    def reset_value(self, register: Register) -> int:
        """What `register` reads after reset; of ConfigGeneration, an input of the endpoint, the tied-off value 0."""
        facts = REGISTERS[register]
        return facts.reset if facts.reset_from is None else getattr(self, facts.reset_from) & 0xFFFFFFFF
