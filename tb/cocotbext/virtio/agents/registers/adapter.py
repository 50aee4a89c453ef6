"""Front door of the register model."""

from cocotb_bus.drivers.amba import AXIxRESP
from cocotbext.virtio.agents.registers.item import RegisterItem
from pyuvm import uvm_access_e, uvm_reg_adapter, uvm_status_e


class RegisterAdapter(uvm_reg_adapter):
    """Turns register-model operations into register items and back."""

    def __init__(self, name: str = "adapter"):
        super().__init__(name)
        self.supports_byte_enable = True

    def reg2bus(self, rw):
        if rw.kind == uvm_access_e.UVM_WRITE:
            return RegisterItem.write(rw.addr, rw.data, rw.byte_en & 0xF)
        return RegisterItem.read(rw.addr)

    def bus2reg(self, bus_item, rw):
        rw.data = bus_item.data
        okay = bus_item.access.response == AXIxRESP.OKAY
        rw.status = uvm_status_e.UVM_IS_OK if okay else uvm_status_e.UVM_NOT_OK
