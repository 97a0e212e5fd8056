"""What somebody reports is received, looked at where no case holds it, and read again; an action day is announced."""
