"""Who is listening, and where."""
