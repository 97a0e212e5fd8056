"""The loops that nobody has to call: whatever waits is sent; it decides nothing and keeps nothing of its own."""
