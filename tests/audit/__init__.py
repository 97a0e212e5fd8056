"""What happened, and how to prove it."""
