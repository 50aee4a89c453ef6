"""Programs that look at a run afterwards: the timeline of a run, the reduction of a failure."""
