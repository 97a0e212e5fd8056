"""The engine: facts, rules and a date become a decision, with every reason kept.

Knows how rule files are read and refused, how tables are compiled, proved and asked, and how a decision is traced.
Refuses to know who asks, where anything is stored or sent, what time it is now, and any single victim's name.
"""
