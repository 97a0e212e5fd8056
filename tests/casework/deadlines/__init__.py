"""What follows a decision on the calendar, and what people may do with it."""
