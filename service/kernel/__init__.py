"""What every room may lean on: time, identifiers, refusals, state moves and one byte form; it knows no domain noun."""
