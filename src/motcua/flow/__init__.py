"""Where the time goes: the process as drawn and as really taken, what a change would do, and what is at risk."""
