"""Functional coverage: what has been seen at the ports, counted."""
