"""Functional and code coverage: run, merge, judge, show."""
