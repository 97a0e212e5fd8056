"""What people established in a case, one sealed entry each; it refuses to know what follows from it."""
