"""Long exports: ordered, made in the background with progress, kept a while, told about when done."""
