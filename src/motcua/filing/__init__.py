"""Online filing: drafts, what is already known, and handing in."""
