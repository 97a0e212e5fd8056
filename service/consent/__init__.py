"""Consent: what somebody said about each purpose, and who was told that it ended; not what it is consent to share."""
