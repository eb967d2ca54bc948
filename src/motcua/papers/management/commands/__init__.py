"""The verbs of the papers."""
