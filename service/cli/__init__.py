"""The terminal's door, for operators and policy owners; it starts the other doors too."""
