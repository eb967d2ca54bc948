"""Figures: facts kept from the journal by a follower."""
