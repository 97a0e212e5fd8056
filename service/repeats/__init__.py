"""Which requests were answered before and how, for a day; it refuses to know what was asked."""
