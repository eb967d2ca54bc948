"""Printed forms, receipts and slips, typeset and sealed into files."""
