"""What a decision costs, beside another rule engine and beside the same rules written as plain code."""
