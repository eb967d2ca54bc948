"""The residents' pages for how a resident wants to be told."""
