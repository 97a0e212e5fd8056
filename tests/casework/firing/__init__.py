"""What happens when a time has come."""
