"""Rules are proposed, tried on open cases and published, and decisions are made again by the rules of their day."""
