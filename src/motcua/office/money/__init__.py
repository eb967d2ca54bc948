"""The office's pages for money: receipts, refunds, settlement."""
