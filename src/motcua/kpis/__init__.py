"""Indicators as data: each a small file, reckoned from the facts, checked against the bare journal."""
