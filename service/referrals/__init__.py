"""A request to one partner for one service in one case; it knows who is asked, and not how a message travels."""
