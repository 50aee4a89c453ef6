"""Device functions behind the event, kick and configuration ports."""
