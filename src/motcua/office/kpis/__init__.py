"""The office's pages of the indicators: the list, each with its definition, and the dossiers behind every value."""
