"""What somebody reports is received and read again."""
