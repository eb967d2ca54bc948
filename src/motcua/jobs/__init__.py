"""Work that calls other machines: claimed for a while, done once, tried again."""
