"""The partner's side of the wire."""
