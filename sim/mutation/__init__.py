"""Mutation analysis: the design is changed in one place, and the tests must notice."""
