"""The fast path: the ports are driven and watched in Verilog (tb/harness/), Python gives lists and reads records."""
