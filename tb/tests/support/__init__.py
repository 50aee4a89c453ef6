"""What the cocotb tests share: base classes, directed tests, the @covers decorator."""
