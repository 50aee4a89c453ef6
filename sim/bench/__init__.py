"""How fast the testbench is: `python -m sim bench` measures it beside what others use. See docs/performance.md."""
