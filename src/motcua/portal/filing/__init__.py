"""The residents' pages for filling in and handing in online."""
