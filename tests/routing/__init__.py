"""How facts and rules become a decision."""
