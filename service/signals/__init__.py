"""What was reported, by which desk and under which submission key, and how it was triaged; it knows no person."""
