"""Where the time goes, as pages: ways against the process, what a change would do, and what is at risk."""
