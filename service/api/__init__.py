"""JSON over HTTP: parses, calls one use case, renders; it decides nothing."""
