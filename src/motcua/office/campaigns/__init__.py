"""The office's pages for collecting figures from below: answering, signing off, rolling up, opening a campaign."""
