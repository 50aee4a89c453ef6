"""How fast the testbench is: `python -m sim bench` measures it beside what others use.

docs/results/performance.md has the figures.
"""
