"""What holds for the whole chain of tables."""
