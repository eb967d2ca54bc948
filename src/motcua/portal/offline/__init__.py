"""The residents' pages without a line: what was seen stays readable, what was written goes out later, once."""
