"""`make report`: everything that is known of the endpoint's quality on one page."""
