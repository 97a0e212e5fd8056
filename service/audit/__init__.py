"""What happened: one hash-linked entry per act; it knows ids and codes, and refuses names, values and free text."""
