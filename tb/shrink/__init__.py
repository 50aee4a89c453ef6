"""Reduces a failure: the same steps again and again, ever fewer of them, in one simulation."""
