"""What somebody may ask of the service, one frozen shape per use case; every door parses these and nothing else."""
