"""Errors that the user sees as one line."""

from sim.flow.errors import FlowError


class Unavailable(FlowError):
    """A guest cannot run on this machine; the text says what is missing and what would help."""
