"""Formal proofs of the RTL: `python -m sim formal`, see __main__.py and README.md."""
