"""The walls between the rooms, and proof that each wall holds."""
