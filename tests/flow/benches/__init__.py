"""cocotb modules that show the flow each kind of simulation: one that passes and the ways to fail."""
