"""The residents' pages for paying."""
