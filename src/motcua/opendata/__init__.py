"""What the public may have as data: datasets in versions that stay, with dictionary, checksums and catalogue."""
