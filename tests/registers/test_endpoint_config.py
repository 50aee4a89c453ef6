# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""EndpointConfig carries the Verilog parameters faithfully."""

import dataclasses
import re

import pytest
from cocotbext.virtio.config import EndpointConfig
from cocotbext.virtio.registers import Register

from sim.flow.paths import ROOT
from tb.tests.support.settings import endpoint_config


def test_defaults_are_those_of_the_contract():
    assert EndpointConfig().parameters() == {
        "NUM_QUEUES": 2,
        "NUM_VECTORS": 3,
        "QUEUE_NUM_MAX": 256,
        "DEVICE_ID": 4,
        "VENDOR_ID": 0x4D53494F,
        "DEVICE_FEATURES": 0x1_0000_0000,
        "MSI_SUPPORT": 1,
        "MSI_FEATURE_BIT": 40,
        "MSI_SHARING": 0,
        "NOTIFY_DOORBELLS": 0,
        "NOTIFY_BASE": 0x1000,
        "NOTIFY_MULTIPLIER": 4,
        "CONFIG_BYTES": 256,
        "ADDR_WIDTH": 12,
        "ANSWER_AT_ONCE": 0,
        "REQUIRE_FEATURES_OK": 1,
        "MSI_AWPROT": 0b010,
    }


PARAMETER = re.compile(r"^ *parameter +(?:\[\d+:0\] +)?(\w+) *= *([^,\s/]+(?: \+ 1)?)", re.MULTILINE)


def number(text: str) -> int | str:
    """A Verilog number; an expression as it stands."""
    text = text.replace("_", "")
    found = re.fullmatch(r"(?:\d+'([bdh]))?([0-9a-fA-F]+)", text)
    return int(found[2], {"b": 2, "d": 10, "h": 16}[found[1] or "d"]) if found else text


@pytest.mark.parametrize(
    "file",
    ["rtl/endpoint/virtio_mmio_endpoint.v", "tb/cocotbext/virtio/fast/harness/endpoint_harness.v"],
)
def test_the_same_parameters_and_defaults_in_verilog(file):
    """The endpoint's header is the source; harness and Python follow it, in the same order."""
    header = (ROOT / file).read_text().partition(");\n")[0]
    found = {name: number(text) for name, text in PARAMETER.findall(header)}
    found.pop("OPTIONAL_FEATURES", None)  # of devices around the endpoint, whose benches say so by a port
    assert found.pop("NUM_VECTORS") == "NUMQUEUES + 1"
    wanted = EndpointConfig().parameters()
    wanted.pop("NUM_VECTORS")
    assert list(found.items()) == list(wanted.items())


def test_the_same_parameters_and_defaults_in_the_documents():
    """The table of docs/integration.md has each of them."""
    text = (ROOT / "docs" / "integration.md").read_text()
    rows = re.findall(r"^\| (`[A-Z_]+`(?:, `[A-Z_]+`)*) \| ([^|]+) \|", text, re.MULTILINE)
    found = {
        name: number(default)
        for names, defaults in rows
        for name, default in zip(names.replace("`", "").split(", "), defaults.replace("`", "").split(", "), strict=True)
    }
    found.pop("OPTIONAL_FEATURES", None)
    assert found.pop("NUM_VECTORS") == "NUMQUEUES + 1"
    wanted = EndpointConfig().parameters()
    wanted.pop("NUM_VECTORS")
    assert found == wanted


def test_the_core_file_has_the_parameters():
    """FuseSoC passes each of the parameters that 32 bits hold, and none that is not there."""
    core = (ROOT / "virtio_mmio_endpoint.core").read_text()
    names = set(re.findall(r"^  ([A-Z_]+): \{datatype", core, re.MULTILINE))
    assert names == set(EndpointConfig().parameters()) - {"DEVICE_FEATURES"}


def test_vectors_follow_the_queues():
    assert EndpointConfig(num_queues=16).num_vectors == 17
    assert EndpointConfig(num_queues=16, num_vectors=4).num_vectors == 4
    assert dataclasses.replace(EndpointConfig(), num_queues=8, num_vectors=None).num_vectors == 9


def test_offered_features():
    plain = EndpointConfig(device_features=0x1_0000_0002, msi_support=0)
    assert plain.offered_features == 0x1_0000_0002
    full = dataclasses.replace(plain, msi_support=1, msi_feature_bit=47, notify_doorbells=1)
    assert full.offered_features == 0x1_0000_0002 | 1 << 47 | 1 << 39


def test_doorbells():
    config = EndpointConfig(notify_base=0x2000, notify_multiplier=0x100)
    assert [config.doorbell(queue) for queue in range(3)] == [0x2000, 0x2100, 0x2200]


def test_reset_values_follow_the_parameters():
    config = EndpointConfig(device_id=2, vendor_id=0x1234, queue_num_max=32, device_features=1 << 32 | 0x55)
    values = {register: config.reset_value(register) for register in Register}
    assert values[Register.DEVICE_ID] == 2
    assert values[Register.VENDOR_ID] == 0x1234
    assert values[Register.QUEUE_NUM_MAX] == 32
    assert values[Register.DEVICE_FEATURES] == 0x55
    assert values[Register.MAGIC_VALUE] == 0x74726976
    assert values[Register.SHM_LEN_LOW] == 0xFFFFFFFF
    assert values[Register.MSI_VEC_NUM] == 0


def test_round_trip_through_the_environment(monkeypatch):
    config = EndpointConfig(num_queues=5, msi_sharing=1)
    monkeypatch.setenv("ENDPOINT_CONFIG", config.to_json())
    assert endpoint_config() == config
    monkeypatch.delenv("ENDPOINT_CONFIG")
    assert endpoint_config() == EndpointConfig()


@pytest.mark.parametrize("text", ["{", "[]", "3", '{"num_queue": 4}', '{"num_queues": "4"}'])
def test_bad_environment_is_refused(monkeypatch, text):
    monkeypatch.setenv("ENDPOINT_CONFIG", text)
    with pytest.raises(ValueError, match="ENDPOINT_CONFIG: not a configuration"):
        endpoint_config()
