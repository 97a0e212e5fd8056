"""A possible victim's way through the mechanism: facts in versions and decisions on them; it knows no partner."""
