"""Typed tables written out to Excel, CSV and PDF, of bounded memory; what is in them is their makers' affair."""
