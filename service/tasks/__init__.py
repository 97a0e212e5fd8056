"""What a named person or desk must do, in a case or without one; it knows no rule, only that something waits."""
