"""What drivers do and what devices owe them, as pyuvm sequences that speak of registers by name."""
