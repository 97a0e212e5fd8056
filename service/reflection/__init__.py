"""The steps of a reflection period and who established them; it does not know how long it lasts, the rules do."""
