"""How rows are kept and transactions end."""
