"""At the counter: taking dossiers in, printing what is handed out, handing results over, keeping the book."""
