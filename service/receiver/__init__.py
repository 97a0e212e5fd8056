"""The partner's side of the wire, as a partner would write it: public libraries only, none of the service's own code.

It knows how to check, keep, fetch and answer; it refuses to know how the service works inside. A message is kept before
it is answered for, and what was kept is worked off in its own thread, also after the process was killed.
"""
