"""The book of rules: one page to print, read aloud and keep; it needs no program and asks nothing of the network."""
