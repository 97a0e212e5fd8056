"""How personal data is made unreadable without keys that the database never holds.

It knows a key per case, the keys that wrap those, and where a value belongs; it knows neither what a value means nor
who may open it.
"""
