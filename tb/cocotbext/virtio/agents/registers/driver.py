"""pyuvm driver of the register agent."""

from cocotbext.virtio.agents.registers.master import check_response
from pyuvm import uvm_driver


class RegisterDriver(uvm_driver):
    """Carries register items to the design. To reach it another way, override this by the factory."""

    def build_phase(self):
        super().build_phase()
        self.master = self.cdb_get("INTERFACE").registers

    async def run_phase(self):
        while True:
            item = await self.seq_item_port.get_next_item()
            if item.posted:
                for access in item.accesses:
                    self.master.submit(access)
            else:
                self.master.submit_all(item.accesses)
                await item.wait()
                for access in item.accesses:
                    check_response(access)
            self.seq_item_port.item_done()
