"""A made-up population, for demonstration and load: nobody in it exists, and its numbers say so."""
