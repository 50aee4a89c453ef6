"""Drivers, monitors, checks, scoreboard and models for virtio-mmio devices, in cocotb and pyuvm."""
