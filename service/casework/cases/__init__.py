"""A case is decided, confirmed or overridden, told more about, listed and read."""
