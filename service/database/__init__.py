"""How rows are kept: engines, the unit of work and column types; it knows no domain noun and no rule."""
