"""When: working calendars as dated legal data, and the deadlines reckoned with them."""
