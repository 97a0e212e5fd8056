"""One person's way through the mechanism."""
