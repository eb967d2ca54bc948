"""The verbs of the forms of the state."""
