"""`make shrink`: from a failing random run to the few accesses and events that it takes."""
