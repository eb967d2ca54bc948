"""Figures collected from below: a form, who must answer by when, signed off tier by tier, rolled up."""
