"""What the service can be asked to do, one file per use case."""
