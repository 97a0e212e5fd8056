"""Libraries of the other language that partners write in; nothing of the service needs them."""
