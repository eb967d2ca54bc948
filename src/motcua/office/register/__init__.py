"""The office's pages for the population register: looking up, importing."""
