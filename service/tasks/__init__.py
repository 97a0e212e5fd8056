"""What a named person or desk must do in a case; it knows no rule and no partner, only that something waits."""
