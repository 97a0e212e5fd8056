"""What holds for the whole chain of tables: invariants, rows that nobody reaches, outcomes that no row gives."""
