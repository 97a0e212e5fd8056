"""The loop that delivers."""
