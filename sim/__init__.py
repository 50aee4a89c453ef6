"""The flow: builds the endpoint for each configuration and simulator, runs the testbench and reports."""
