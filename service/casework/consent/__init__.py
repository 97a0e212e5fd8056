"""Use cases about consent: it is recorded, read, and acknowledged when it has ended."""
