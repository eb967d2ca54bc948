"""The office's pages for the forms of the state, the scores of Circular 01/2018 and the index of Decision 766."""
