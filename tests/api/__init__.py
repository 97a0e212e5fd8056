"""What a system sees over HTTP."""
