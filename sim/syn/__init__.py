"""What the RTL costs in an FPGA and how fast it is: `python -m sim syn`, see README.md."""
