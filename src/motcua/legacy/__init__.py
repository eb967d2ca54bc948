"""What comes from other systems: event logs and, later, the districts' old databases."""
