"""Time, ids, errors, transitions and the one form of JSON."""
