"""The organisations that can be asked and where their systems listen; it knows no case."""
