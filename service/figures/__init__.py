"""Numbers about whole periods: knows how to count without pointing at anybody; refuses to know a case or a person."""
