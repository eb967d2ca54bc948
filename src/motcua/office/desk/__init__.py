"""At the desk: the inbox, the dossier page, acting alone and in bulk, signing."""
