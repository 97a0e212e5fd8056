"""What keeps the service itself honest: its readiness, its clock, requests repeated and forgotten."""
