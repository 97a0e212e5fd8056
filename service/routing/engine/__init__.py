"""Decision tables: cells, rows as bit masks, evaluation, proofs and traces; it knows no fact by name."""
