"""Residents' accounts at the counter: proving who somebody is, and recording for whom they may act."""
