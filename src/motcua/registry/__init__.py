"""For whom: people and businesses, as much as intake needs."""
