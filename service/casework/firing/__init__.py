"""The time of a clock has come: what then follows, once, whoever notices it and however late; who hears of failure."""
