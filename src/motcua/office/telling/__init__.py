"""The office's pages for messages to people: templates, cost, delivery."""
