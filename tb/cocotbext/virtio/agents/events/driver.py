"""pyuvm driver of the event agent."""

from pyuvm import uvm_driver


class EventDriver(uvm_driver):
    """Raises events; an item is done when its last event has been accepted."""

    def build_phase(self):
        super().build_phase()
        self.source = self.cdb_get("INTERFACE").events

    async def run_phase(self):
        while True:
            item = await self.seq_item_port.get_next_item()
            item.cycles = await self.source.burst(item.indices, item.gap)
            self.seq_item_port.item_done()
