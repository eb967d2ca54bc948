"""Money owed and paid: charges, payments, receipts, the ledger."""
