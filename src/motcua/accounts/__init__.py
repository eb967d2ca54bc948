"""Residents' accounts: who signs in, with what assurance, and for whom they may act."""
