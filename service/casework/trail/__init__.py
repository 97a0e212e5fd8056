"""What happened is read, verified, sealed and continued."""
