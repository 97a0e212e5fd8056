"""What the service promises, told room by room."""
