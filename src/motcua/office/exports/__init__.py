"""Lists to take along: ordered, watched while they are made, fetched, thrown away."""
