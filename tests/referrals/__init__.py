"""A hand-over to one partner."""
