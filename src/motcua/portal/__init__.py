"""The residents' face: search, procedure pages, following a dossier."""
