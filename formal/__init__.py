"""Formal proofs of the RTL: `python -m formal`, see __main__.py and README.md."""
