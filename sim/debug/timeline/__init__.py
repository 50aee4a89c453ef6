"""One run as a page: what happened on a time axis, and which message served which event."""
