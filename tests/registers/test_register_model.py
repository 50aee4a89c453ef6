# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The pyuvm model builds and agrees with the register table."""

import logging

import pytest
from cocotbext.virtio.config import EndpointConfig
from cocotbext.virtio.register_model import RegisterModel
from cocotbext.virtio.registers import CONFIG_WINDOW_OFFSET, REGISTERS, Register, StatusBit
from pyuvm import uvm_predict_e, uvm_reg, uvm_reg_block

OTHER = EndpointConfig(
    num_queues=9, device_id=2, vendor_id=7, queue_num_max=1024, device_features=1 << 32 | 0x21, config_bytes=10
)


@pytest.mark.parametrize("config", [EndpointConfig(), OTHER], ids=["default", "other"])
def test_addresses_access_and_reset_agree_with_the_table(config, caplog):
    with caplog.at_level(logging.ERROR):
        model = RegisterModel(config=config)
    assert not caplog.records, caplog.text  # pyuvm logs its errors and goes on
    assert len(model.get_registers()) == len(REGISTERS)
    for register, facts in REGISTERS.items():
        modelled = model.bus.get_reg_by_offset(register)
        assert modelled is getattr(model, register.name.lower())
        assert modelled.get_reset() == config.reset_value(register), facts.title
        policies = {field.get_access() for field in modelled.get_fields()}
        readable, writable = bool(policies & {"RO", "RW"}), bool(policies & {"WO", "RW"})
        assert facts.access == "r" * readable + "w" * writable, facts.title


def test_window_covers_the_configuration_bytes():
    model = RegisterModel(config=OTHER)
    found = [model.bus.get_mem_by_offset(CONFIG_WINDOW_OFFSET + byte) for byte in (0, 8, 12)]
    assert found == [model.config_window, model.config_window, None]


def test_prediction_follows_the_access_policy():
    model = RegisterModel()
    model.status.predict(0xFF, kind=uvm_predict_e.UVM_PREDICT_WRITE)
    assert model.status.failed.get_mirrored_value() == 1
    assert model.status.device_needs_reset.get_mirrored_value() == 0
    model.magic_value.predict(0, kind=uvm_predict_e.UVM_PREDICT_WRITE)
    assert model.magic_value.get_mirrored_value() == EndpointConfig().reset_value(Register.MAGIC_VALUE)
    model.reset()
    assert model.status.failed.get_mirrored_value() == 0


def test_field_positions():
    status = RegisterModel().status
    for bit in StatusBit:
        assert 1 << getattr(status, bit.name.lower()).get_lsb_pos() == bit


def test_models_are_independent():
    first, second = RegisterModel(), RegisterModel()
    first.msi_data.predict(5)
    assert second.msi_data.get_mirrored_value() == 0


def test_names_hide_nothing_of_pyuvm():
    model = RegisterModel()
    block, register = uvm_reg_block("block"), uvm_reg("register", 32)
    for modelled in model.get_registers():
        assert not hasattr(block, modelled.get_name())
        for field in modelled.get_fields():
            assert not hasattr(register, field.get_name())
