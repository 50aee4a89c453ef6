"""A real machine drives the RTL: QEMU runs the guest, the simulator its virtio-mmio devices."""
