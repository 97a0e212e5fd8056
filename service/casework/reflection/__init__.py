"""A reflection period is offered, accepted or declined, runs with its monthly reports, and ends."""
