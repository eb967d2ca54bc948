"""Typed tables written out to Excel, CSV and PDF, of bounded memory; what is in them is their makers' affair.

Beneath them, and beneath `papers`, stands the press: our fonts, the letters they can draw, and Typst. Long lists that
are read a page at a time take the keys of their pages from here.
"""
