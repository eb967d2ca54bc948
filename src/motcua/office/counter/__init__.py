"""At the counter: taking dossiers in, printing what is handed out, returning results."""
