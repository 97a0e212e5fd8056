"""What lies on a desk is read, taken up and done."""
