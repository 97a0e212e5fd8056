"""What was reported, by which desk and under which submission key; it refuses to know what became of the person."""
