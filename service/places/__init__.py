"""What places partners say they have and who is kept one; it knows no shelter's address, and no person."""
