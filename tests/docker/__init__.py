"""What a container runs, tried without one; what it is made of, read without building it."""
