"""The clocks of a case: what is due when, for whom and by which rule; it knows no task and never says what follows."""
