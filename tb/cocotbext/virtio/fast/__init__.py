"""The fast path: the ports are driven and watched in Verilog (tb/cocotbext/virtio/fast/harness/), Python gives lists
and reads records."""
