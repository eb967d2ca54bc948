"""The residents' pages for what the register knows of a resident."""
