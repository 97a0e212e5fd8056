"""What a change of the rules changes: for whom, from when, by which rows; and whether a decision can be made again."""
