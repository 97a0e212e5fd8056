"""A rehearsal on one machine: real processes, real HTTP, invented people.

It knows how to start the service and some partners, play cases and show what happened; it refuses to know anything
that a coordinator or a partner could not see from outside.
"""
