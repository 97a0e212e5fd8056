"""Who may do what, and how the service knows who is asking."""
