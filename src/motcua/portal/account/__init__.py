"""The residents' pages for signing up, signing in, one's account."""
