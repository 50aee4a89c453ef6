# SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
# SPDX-License-Identifier: Apache-2.0
"""The register model in the environment: its front door, and what keeps its mirror up to date."""

from cocotb_bus.drivers.amba import AXIxRESP
from cocotbext.virtio.register_model import RegisterModel
from cocotbext.virtio.registers import Register
from cocotbext.virtio.transactions import RegisterRead, RegisterWrite
from cocotbext.virtio.uvm.agents import Subscriber
from cocotbext.virtio.uvm.items import RegisterItem
from pyuvm import (
    uvm_access_e,
    uvm_component,
    uvm_predict_e,
    uvm_reg,
    uvm_reg_adapter,
    uvm_reg_bus_op,
    uvm_status_e,
)


class RegisterAdapter(uvm_reg_adapter):
    """Turns register-model operations into register items and back."""

    def __init__(self, name: str = "adapter") -> None:
        super().__init__(name)
        self.supports_byte_enable = True

    def reg2bus(self, rw: uvm_reg_bus_op) -> RegisterItem:
        if rw.kind == uvm_access_e.UVM_WRITE:
            return RegisterItem.write(rw.addr, rw.data, rw.byte_en & 0xF)
        return RegisterItem.read(rw.addr)

    def bus2reg(self, bus_item: RegisterItem, rw: uvm_reg_bus_op) -> None:
        rw.data = bus_item.data
        okay = bus_item.access.response == AXIxRESP.OKAY
        rw.status = uvm_status_e.UVM_IS_OK if okay else uvm_status_e.UVM_NOT_OK


class RegisterPredictor(uvm_component):
    """Predicts from every access seen on the bus, whoever made it.

    Connect ``writes`` to the monitor's ``responded`` port and ``reads`` to its ``read`` port, and call
    :meth:`follow` with the model. Writes that the endpoint must ignore are not predicted: partial ones,
    and MSI registers while the driver has not accepted MSI.
    """

    def build_phase(self) -> None:
        super().build_phase()
        self._model: RegisterModel | None = None
        self._interface = self.cdb_get("INTERFACE")
        self.writes = Subscriber("writes", self, self._written).analysis_export
        self.reads = Subscriber("reads", self, self._read).analysis_export

    def follow(self, model: RegisterModel) -> None:
        """Predict the registers of *model* (a ``cocotbext.virtio.register_model.RegisterModel``)."""
        self._model = model

    def _register(self, address: int) -> uvm_reg | None:
        return self._model.bus.get_reg_by_offset(address) if self._model else None

    def _ignored(self, address: int) -> bool:
        interface = self._interface
        return (
            Register.MSI_VEC_NUM <= address <= Register.MSI_DATA
            and not interface.device_state.driver_features >> interface.config.msi_feature_bit & 1
        )

    def _written(self, write: RegisterWrite) -> None:
        model, register = self._model, self._register(write.address)
        if model is None or register is None or write.strobe != 0xF or self._ignored(write.address):
            return
        if write.address == Register.STATUS and not write.data & 0xFF:
            model.reset()
        else:
            register.predict(write.data, kind=uvm_predict_e.UVM_PREDICT_WRITE)

    def _read(self, read: RegisterRead) -> None:
        register = self._register(read.address)
        if register is not None:
            register.predict(read.data, kind=uvm_predict_e.UVM_PREDICT_READ)
