"""Messages are sent, and what became of each is settled, read, and sent again."""
