"""What places partners say they have, who is asked and who is kept one; it knows no address and no person."""
