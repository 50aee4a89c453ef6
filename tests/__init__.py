"""What pytest runs: the model, the package, the flow, and every cocotb module of tb/tests."""
