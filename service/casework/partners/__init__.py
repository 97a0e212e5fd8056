"""Organisations of the directory, and where their systems listen."""
