"""What the reduction is called, and where it leaves what it found; without a simulator, for the flow."""

MODULE = "tb.shrink.trials"
TEST = "shrink"
OUTCOME = "shrunk.json"     # in the directory of the run: {"broken", "text", "before", "steps", "tries"}
TRACE = "shrunk.csv"        # the steps that are left
