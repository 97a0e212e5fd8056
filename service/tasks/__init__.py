"""What a named person or desk must do about a case or a signal; it knows no rule, only that something waits."""
