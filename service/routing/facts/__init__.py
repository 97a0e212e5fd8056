"""What can be told about a case, what code works out from it, and the calendar and places that this needs."""
