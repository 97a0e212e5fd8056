"""A person is told about rights, before any consent and before a report."""
