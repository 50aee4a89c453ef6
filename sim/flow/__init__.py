"""What every command of the flow shares: building, running, configurations, results, processes, errors."""
