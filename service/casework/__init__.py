"""The application core: one verb is one function, one transaction and at least one audit entry; it knows no door."""
