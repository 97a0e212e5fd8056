"""People of several organisations talk about a case, and each sees what it may."""
