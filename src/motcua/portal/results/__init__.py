"""The residents' pages for results: one's own, and checking anybody's."""
