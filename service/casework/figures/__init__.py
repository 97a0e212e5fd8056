"""How many people, counted once for each half year that is over."""
