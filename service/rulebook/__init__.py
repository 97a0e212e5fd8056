"""Which rule sets decided, by their content, and which is in force, proposed by one and published by another."""
