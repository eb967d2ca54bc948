"""A made-up history of a whole city, played through the law: for demonstration, measurement and learning."""
