"""Regressions: configurations x simulators x tests x seeds, recorded as they end, resumed, repeated, reported."""
