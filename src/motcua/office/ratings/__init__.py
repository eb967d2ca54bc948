"""The office's pages for ratings and what is contested of them."""
