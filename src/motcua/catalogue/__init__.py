"""What: procedures, their immutable versions and where they are offered; loads content packs."""
