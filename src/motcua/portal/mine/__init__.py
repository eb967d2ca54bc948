"""The residents' pages for what a resident sees of their own dossiers."""
