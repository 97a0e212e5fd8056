"""Whether somebody works on a case: the one check before a change, how it is closed and the way back."""
