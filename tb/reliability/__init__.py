"""Long random runs for figures of reliability; `python -m sim.reliability` runs them."""
