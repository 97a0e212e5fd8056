"""Getting a message out: what is sent, signed, tried and retried, one lane per partner and case.

It knows messages, endpoints' addresses and outcomes; it refuses to know what a referral says, whom it is about and why
it was made.
"""
